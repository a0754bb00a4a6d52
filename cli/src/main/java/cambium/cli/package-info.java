/// The operators' command line; speaks HTTP only.
package cambium.cli;
