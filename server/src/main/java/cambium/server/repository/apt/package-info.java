/// Packages and indexes as apt knows them.
package cambium.server.repository.apt;
