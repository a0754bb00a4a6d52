package cambium.server.repository;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// `owner/name`, the two first segments of every address of a repository. Each is 1 to 100 letters, digits and `.`,
/// `_`, `-`, and starts with a letter or digit.
public record RepositoryName(String owner, String name) {
    private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    /// First segments that address something else on the same server.
    private static final Set<String> RESERVED_OWNERS = Set.of("api", "app", "assets", "attempts", "blobs", "cells",
        "docs", "events", "fleet", "health", "install", "metrics", "priv", "repositories", "rings", "search",
        "sign-in", "sign-out", "static", "versions");

    public RepositoryName {
        if (!isValid(owner, name)) {
            throw new IllegalArgumentException("not the name of a repository");
        }
    }

    private static boolean isValid(String owner, String name) {
        return SEGMENT.matcher(owner).matches() && SEGMENT.matcher(name).matches() && !name.endsWith(".json");
    }

    /// Reads two segments; empty when they cannot be the name of any repository.
    public static Optional<RepositoryName> of(String owner, String name) {
        return isValid(owner, name) ? Optional.of(new RepositoryName(owner, name)) : Optional.empty();
    }

    /// Reads `owner/name`; empty when it is not that.
    public static Optional<RepositoryName> parse(String text) {
        String[] parts = text.split("/", -1);
        return parts.length == 2 ? of(parts[0], parts[1]) : Optional.empty();
    }

    /// Whether repositories of this owner would be shadowed by other pages.
    boolean isReserved() {
        return RESERVED_OWNERS.contains(owner.toLowerCase(java.util.Locale.ROOT));
    }

    @Override
    public String toString() {
        return owner + "/" + name;
    }
}
