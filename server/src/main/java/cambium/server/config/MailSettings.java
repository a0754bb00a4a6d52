package cambium.server.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// The server that mail is handed to, and in whose name. Prints with its password hidden.
///
/// @param ca certificates that are trusted instead of the system's
/// @param domains of those who may be written to, in lower case; empty: any
public record MailSettings(String host, int port, Security security, Optional<String> user, Optional<String> password,
        Optional<Path> ca, MailAddress from, Set<String> domains) {
    private static final int PORT_OF_SUBMISSION = 587;
    private static final int PORT_OF_TLS = 465;

    /// How the connection is kept from others. Only a server on this machine is spoken to in the open.
    public enum Security { OPEN, STARTTLS, TLS }

    /// Where the server is.
    record Place(String host, int port, Security security) {
        /// `smtp://host:port`, which becomes TLS by STARTTLS but on this machine, or `smtps://host:port`.
        static Optional<Place> parse(String text) {
            try {
                var uri = URI.create(text);
                boolean tls = "smtps".equals(uri.getScheme());
                boolean plain = uri.getHost() != null && uri.getRawUserInfo() == null && uri.getRawQuery() == null
                        && uri.getRawFragment() == null && (uri.getRawPath().isEmpty() || uri.getRawPath().equals("/"));
                if (!plain || !tls && !"smtp".equals(uri.getScheme()) || uri.getPort() > 65_535 || uri.getPort() == 0) {
                    return Optional.empty();
                }
                int port = uri.getPort() > 0 ? uri.getPort() : tls ? PORT_OF_TLS : PORT_OF_SUBMISSION;
                return Optional.of(new Place(uri.getHost().replaceAll("[\\[\\]]", ""), port, tls ? Security.TLS
                        : isThisMachine(uri.getHost()) ? Security.OPEN : Security.STARTTLS));
            } catch (IllegalArgumentException malformed) {
                return Optional.empty();
            }
        }

        private static boolean isThisMachine(String host) {
            return host.equals("localhost") || host.equals("[::1]") || host.matches("127(\\.[0-9]{1,3}){3}");
        }
    }

    public MailSettings {
        domains = Collections.unmodifiableSortedSet(new TreeSet<>(domains));
    }

    @Override
    public String toString() {
        return host + ":" + port + " " + security + " from " + from + user.map(name -> " as " + name).orElse("")
                + (password.isPresent() ? " with ***" : "") + (domains.isEmpty() ? "" : " to " + domains);
    }
}
