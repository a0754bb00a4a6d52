/// The fleet followed from a file in a Git repository.
package cambium.server.fleet.source;
