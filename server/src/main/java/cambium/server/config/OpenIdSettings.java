package cambium.server.config;

import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// How people sign in with an OpenID provider: where it is, who we are there, and which of its groups have which roles
/// here. The group `*` is everybody whom the provider knows. `rightsLast`: how long after the last sign-in an account
/// and its tokens keep their rights. Prints with its secret hidden.
public record OpenIdSettings(URI issuer, String client, Optional<String> secret, String label, List<String> scopes,
        String nameClaim, String groupsClaim, SortedMap<String, SortedSet<String>> rolesOfGroups,
        Duration rightsLast) {
    private static final String EVERYBODY = "*";
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    public OpenIdSettings {
        scopes = List.copyOf(scopes);
        rolesOfGroups = Collections.unmodifiableSortedMap(new TreeMap<>(rolesOfGroups));
    }

    /// The roles that somebody of these groups has, in order.
    public List<String> rolesOf(Collection<String> groups) {
        var roles = new TreeSet<>(rolesOfGroups.getOrDefault(EVERYBODY, Collections.emptySortedSet()));
        groups.forEach(group -> roles.addAll(rolesOfGroups.getOrDefault(group, Collections.emptySortedSet())));
        return List.copyOf(roles);
    }

    /// Every role that some group has.
    public Set<String> roles() {
        return rolesOfGroups.values().stream().flatMap(Set::stream).collect(Collectors.toCollection(TreeSet::new));
    }

    /// An https address; plain http only on this machine. Kept letter for letter, since tokens repeat it so.
    static Optional<URI> issuer(String text) {
        try {
            var uri = URI.create(text);
            var secure = "https".equals(uri.getScheme())
                    || "http".equals(uri.getScheme()) && LOOPBACK.contains(String.valueOf(uri.getHost()));
            return Optional.of(uri).filter(_ -> secure && uri.getHost() != null && uri.getRawUserInfo() == null
                    && uri.getRawQuery() == null && uri.getRawFragment() == null);
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    /// From `group=role;group=role`. The last `=` of each counts, since names of groups may hold some.
    static Optional<SortedMap<String, SortedSet<String>>> roles(String text) {
        var roles = new TreeMap<String, SortedSet<String>>();
        for (var pair : Arrays.stream(text.split(";")).map(String::strip).filter(part -> !part.isEmpty()).toList()) {
            var equals = pair.lastIndexOf('=');
            if (equals < 1 || equals == pair.length() - 1) {
                return Optional.empty();
            }
            roles.computeIfAbsent(pair.substring(0, equals).strip(), _ -> new TreeSet<>())
                    .add(pair.substring(equals + 1).strip());
        }
        return roles.isEmpty() ? Optional.empty() : Optional.of(roles);
    }

    @Override
    public String toString() {
        return issuer + " as " + client + (secret.isPresent() ? " with ***" : "") + " for " + rolesOfGroups;
    }
}
