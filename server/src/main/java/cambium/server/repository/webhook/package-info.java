/// Tells other servers what happens in a repository.
package cambium.server.repository.webhook;
