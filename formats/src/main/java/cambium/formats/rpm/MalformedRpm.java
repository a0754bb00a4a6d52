package cambium.formats.rpm;

import cambium.formats.ParseResult;
import java.io.IOException;
import java.util.Optional;

/// Carries a refusal from the depths of the readers up to the public door, where it becomes a
/// [ParseResult.Malformed]; it never leaves this package. An `IOException` so that it passes through decoders.
final class MalformedRpm extends IOException {
    private static final String STRUCTURE = "rpm_malformed";
    private static final String CORRUPT = "corrupt";
    private static final String TOO_LARGE = "too_large_expanded";

    private final String code;
    private final String field;

    private MalformedRpm(String code, String reason, String field) {
        super(reason);
        this.code = code;
        this.field = field;
    }

    static MalformedRpm structure(String reason) {
        return new MalformedRpm(STRUCTURE, reason, "");
    }

    static MalformedRpm field(String field, String reason) {
        return new MalformedRpm(STRUCTURE, reason, field);
    }

    static MalformedRpm corrupt(String reason) {
        return new MalformedRpm(CORRUPT, reason, "");
    }

    static MalformedRpm tooLarge(String reason) {
        return new MalformedRpm(TOO_LARGE, reason, "");
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
