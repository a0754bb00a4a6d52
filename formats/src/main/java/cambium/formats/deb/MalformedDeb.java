package cambium.formats.deb;

import cambium.formats.ParseResult;
import java.io.IOException;
import java.util.Optional;

/// Carries a refusal from the depths of the readers up to the public door, where it becomes a
/// [ParseResult.Malformed]; it never leaves this package. An `IOException` so that it passes through decoders.
final class MalformedDeb extends IOException {
    private static final String STRUCTURE = "deb_malformed";
    private static final String CORRUPT = "corrupt";
    private static final String TOO_LARGE = "too_large_expanded";
    private static final String UNLISTED = "unlisted";

    private final String code;
    private final String field;

    private MalformedDeb(String code, String reason, String field) {
        super(reason);
        this.code = code;
        this.field = field;
    }

    static MalformedDeb structure(String reason) {
        return new MalformedDeb(STRUCTURE, reason, "");
    }

    static MalformedDeb field(String field, String reason) {
        return new MalformedDeb(STRUCTURE, reason, field);
    }

    static MalformedDeb corrupt(String reason) {
        return new MalformedDeb(CORRUPT, reason, "");
    }

    static MalformedDeb tooLarge(String reason) {
        return new MalformedDeb(TOO_LARGE, reason, "");
    }

    /// No refusal: the package is fine as far as it was looked at, and its data archive is not looked at further.
    static MalformedDeb unlisted(String reason) {
        return new MalformedDeb(UNLISTED, reason, "");
    }

    boolean isUnlisted() {
        return code.equals(UNLISTED);
    }

    <P> ParseResult<P> toResult() {
        return new ParseResult.Malformed<>(code, getMessage(), Optional.of(field).filter(name -> !name.isEmpty()));
    }

    /// A refusal is an everyday answer, not a bug: filling in a stack trace would only cost time.
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
