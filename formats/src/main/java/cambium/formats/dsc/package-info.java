/// Reads Debian source packages: the `.dsc` and what it says of its files.
package cambium.formats.dsc;
