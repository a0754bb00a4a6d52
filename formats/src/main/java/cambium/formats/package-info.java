/// Package bytes to metadata, metadata to index bytes, version order. Pure: knows no HTTP, SQL, files or clock.
package cambium.formats;
