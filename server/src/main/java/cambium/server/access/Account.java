package cambium.server.access;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// A person or program that signs in and holds API tokens: with `email` and password, or with an OpenID provider, and
/// never with both. The name stands in logs and as the default owner of repositories; roles are those of the table
/// `access_role`.
record Account(long id, String name, Optional<String> email, Optional<Identity> identity, List<String> roles,
        Instant createdAt) {
    static final int MAX_NAME = 40;
    private static final String NAME = "[a-z0-9][a-z0-9._-]{0," + (MAX_NAME - 1) + "}";
    private static final Set<String> RESERVED = Set.of("admin", "anonymous");

    Account {
        roles = List.copyOf(roles);
    }

    /// Whom the account is at the provider, and until when its rights hold unless it signs in again.
    record Identity(String issuer, String subject, Instant signedInAt, Instant rightsUntil) {}

    static boolean isName(String text) {
        return text.matches(NAME) && !RESERVED.contains(text);
    }

    /// A name here for somebody who is called so elsewhere: in lower case, with `-` for what no name may hold.
    static Optional<String> nameFor(String text) {
        var name = text.strip().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9._-]+", "-").replaceAll("^[._-]+", "");
        return Optional.of(name.substring(0, Math.min(name.length(), MAX_NAME))).filter(Account::isName);
    }
}
