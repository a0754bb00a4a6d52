/// The signing keys of repositories: made ahead of need, imported, rotated, linted, and given to the publisher.
package cambium.server.repository.key;
