package cambium.server.webhook;

import cambium.server.config.MailSettings;
import cambium.server.http.OutgoingPosts;
import java.net.URI;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// The ways to those who are told of events: posts to `http:` and `https:`, mail to `mailto:`.
public final class Transports implements AutoCloseable {
    private final PostTransport posts;
    private final MailTransport mail;

    /// What the administrator lets events be sent by.
    ///
    /// @param hosts that posts may go to although they are private, in lower case
    /// @param address where people reach this server, for links
    public record Settings(Set<String> hosts, Optional<MailSettings> mail, Supplier<String> address) {
        public Settings {
            hosts = Set.copyOf(hosts);
        }

        /// Posts to public addresses alone.
        public static Settings posts() {
            return posts(Set.of());
        }

        public static Settings posts(Set<String> hosts) {
            return new Settings(hosts, Optional.empty(), () -> "");
        }
    }

    public Transports(Settings settings, InstantSource clock) {
        this.posts = new PostTransport(new OutgoingPosts(settings.hosts()));
        this.mail = new MailTransport(settings.mail(), settings.address(), clock);
    }

    Transport of(String address) {
        return isMail(address) ? mail : posts;
    }

    static boolean isMail(String address) {
        return address.regionMatches(true, 0, MailTransport.SCHEME, 0, MailTransport.SCHEME.length());
    }

    /// Where an address leads, for logs: without a path, which may be a secret, or a person's name.
    static String target(String address) {
        if (isMail(address)) {
            return "by mail at " + address.substring(address.lastIndexOf('@') + 1);
        }
        var uri = URI.create(address);
        return "at " + uri.getScheme() + "://" + uri.getHost();
    }

    @Override
    public void close() {
        posts.close();
    }
}
