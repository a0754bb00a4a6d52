/// OpenPGP keys of repositories and the signatures made with them.
package cambium.server.signing;
