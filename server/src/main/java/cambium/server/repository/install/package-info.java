/// What a machine needs to read a repository: scripts, source lines, credentials and the addresses of keys.
package cambium.server.repository.install;
