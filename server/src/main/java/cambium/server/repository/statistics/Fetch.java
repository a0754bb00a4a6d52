package cambium.server.repository.statistics;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/// One request that is counted: when, from which address, by which program, and with which token. Texts are cut at
/// [#MAX_TEXT_CHARS] and lose their control characters, since clients choose them.
public record Fetch(Instant at, String address, String userAgent, Source source, Credential credential) {
    static final int MAX_TEXT_CHARS = 256;

    /// A person's browser, or any other program.
    public enum Source {
        WEB, CLI;

        /// As the API writes it.
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Source of(String text) {
            return valueOf(text.toUpperCase(Locale.ROOT));
        }
    }

    public Fetch {
        address = bounded(address);
        userAgent = bounded(userAgent);
    }

    /// The token of the repository that was shown, if any: the name of a master token, or the name of a read token
    /// with the id of the master token that it was made under.
    public record Credential(OptionalLong masterTokenId, Optional<String> masterToken, Optional<String> readToken) {
        public static final Credential NONE =
            new Credential(OptionalLong.empty(), Optional.empty(), Optional.empty());

        public Credential {
            masterToken = masterToken.map(Fetch::bounded);
            readToken = readToken.map(Fetch::bounded);
        }
    }

    /// Every browser calls itself Mozilla; no package manager does.
    public static Source sourceOf(String userAgent) {
        return userAgent.startsWith("Mozilla/") ? Source.WEB : Source.CLI;
    }

    static String bounded(String text) {
        if (isPlainAscii(text)) {
            return text;
        }
        var plain = new StringBuilder();
        text.codePoints().filter(point -> point >= ' ' && point != 0x7f).limit(MAX_TEXT_CHARS)
            .forEach(plain::appendCodePoint);
        return plain.toString();
    }

    /// As nearly all are that come.
    private static boolean isPlainAscii(String text) {
        if (text.length() > MAX_TEXT_CHARS) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < ' ' || text.charAt(i) >= 0x7f) {
                return false;
            }
        }
        return true;
    }
}
