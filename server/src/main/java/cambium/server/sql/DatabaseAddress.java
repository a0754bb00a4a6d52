package cambium.server.sql;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/// Where a database is and how to enter it. Prints without the password.
public record DatabaseAddress(String jdbcUrl, String user, String password) {
    public DatabaseAddress {
        Objects.requireNonNull(jdbcUrl);
        Objects.requireNonNull(user);
        Objects.requireNonNull(password);
    }

    /// Reads `postgresql://user:password@host:port/name?options`; also with `jdbc:` before it.
    public static DatabaseAddress parse(String url) {
        try {
            var uri = new URI(url.startsWith("jdbc:") ? url.substring("jdbc:".length()) : url);
            var scheme = uri.getScheme();
            if (uri.getHost() == null || !("postgresql".equals(scheme) || "postgres".equals(scheme))) {
                throw new IllegalArgumentException("expected postgresql://user:password@host:port/name");
            }
            var login = uri.getRawUserInfo() == null ? new String[0] : uri.getRawUserInfo().split(":", 2);
            var port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
            var options = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
            return new DatabaseAddress("jdbc:postgresql://" + uri.getHost() + port + uri.getRawPath() + options,
                    login.length > 0 ? decoded(login[0]) : "", login.length > 1 ? decoded(login[1]) : "");
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("expected postgresql://user:password@host:port/name");
        }
    }

    /// Whether it leads over a network to whoever answers, instead of to one whose certificate is verified.
    public boolean isUnverified() {
        return !jdbcUrl.matches("jdbc:postgresql://(127\\.[0-9.]+|localhost|\\[::1])[:/].*")
                && !jdbcUrl.matches(".*[?&]sslmode=verify-full(&.*)?");
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return jdbcUrl.replaceAll("\\?.*", "") + " as " + user;
    }
}
