/// What is spoken with an OpenID provider: where it is, how a sign-in begins and ends, and whether its word holds.
/// Knows nothing of accounts, sessions and pages.
package cambium.server.access.openid;
