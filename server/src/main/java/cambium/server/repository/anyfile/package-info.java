/// Files of any kind: stored, listed and delivered, in no index.
package cambium.server.repository.anyfile;
