/// The shell: HTTP, pages, SQL, blobs, signing, jobs, cell drivers, configuration.
package cambium.server;
