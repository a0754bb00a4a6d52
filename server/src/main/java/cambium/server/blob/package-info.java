/// Immutable bytes addressed by SHA-256: received in one pass, kept in a folder, read by range.
package cambium.server.blob;
