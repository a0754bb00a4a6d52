/// Writes what apt reads: stanzas of `Packages`, paths of the pool, the `Release` file.
package cambium.formats.apt;
