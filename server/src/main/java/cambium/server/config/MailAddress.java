package cambium.server.config;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// An address of e-mail in its plainest form: of letters, digits and a few signs, with nothing in it that could begin
/// a header, another recipient or a parameter. At most 254 characters (RFC 5321), of which 64 before the `@`.
public record MailAddress(String local, String domain) {
    private static final int MAX_CHARACTERS = 254;
    private static final Pattern LOCAL = Pattern.compile("(?=.{1,64}$)[A-Za-z0-9_+='~-]+(\\.[A-Za-z0-9_+='~-]+)*");
    private static final Pattern DOMAIN = Pattern.compile(
            "([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?");

    /// The domain in lower case.
    public static Optional<MailAddress> parse(String text) {
        int at = text.lastIndexOf('@');
        if (at < 0 || text.length() > MAX_CHARACTERS) {
            return Optional.empty();
        }
        var address = new MailAddress(text.substring(0, at), text.substring(at + 1).toLowerCase(Locale.ROOT));
        return LOCAL.matcher(address.local).matches() && isDomain(address.domain) ? Optional.of(address)
                : Optional.empty();
    }

    static boolean isDomain(String text) {
        return text.length() <= MAX_CHARACTERS && DOMAIN.matcher(text).matches();
    }

    @Override
    public String toString() {
        return local + "@" + domain;
    }
}
