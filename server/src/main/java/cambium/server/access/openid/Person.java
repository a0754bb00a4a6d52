package cambium.server.access.openid;

import java.util.Optional;
import java.util.Set;

/// Whom the provider vouches for. `issuer` and `subject` name them for ever; `name` is what the provider calls them
/// now, and may be another's tomorrow. `idToken` is kept for signing out there, and never shown.
public record Person(String issuer, String subject, Optional<String> name, Set<String> groups, String idToken) {
    @Override
    public String toString() {
        return "Person(" + issuer + " " + subject + ")";
    }
}
