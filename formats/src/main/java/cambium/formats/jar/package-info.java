/// Reads what a jar says of itself.
package cambium.formats.jar;
