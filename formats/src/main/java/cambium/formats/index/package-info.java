/// An index as a list of immutable precompressed chunks: publishing touches only the chunks that change.
package cambium.formats.index;
