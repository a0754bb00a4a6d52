package cambium.server.access;

import java.time.Instant;
import java.util.List;

/// A person or program that signs in with e-mail and password and holds API tokens. The name stands in logs and as
/// the default owner of repositories; roles are those of the table `access_role`.
record Account(long id, String name, String email, List<String> roles, Instant createdAt) {
    Account {
        roles = List.copyOf(roles);
    }
}
