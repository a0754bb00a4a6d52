package cambium.server.fleet;

/// Where a ring's channel is served: `url` of the apt root (`…/acme/storefront/rings/0/debian`), its `codename`
/// (`bookworm`), `keyUrl` of the signing key, and `packagesUrl`, the address under which a package's path is fetched.
/// No address ends in a slash.
public record ChannelAddress(String url, String codename, String keyUrl, String packagesUrl) {}
