/// The repository half: packages are received, indexed, signed and served, to packagecloud's API and URLs.
/// The public door is [cambium.server.repository.RepositoryFeature].
package cambium.server.repository;
