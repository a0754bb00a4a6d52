/// Master and read tokens of repositories: what may set up machines, and what those machines read with.
package cambium.server.repository.token;
