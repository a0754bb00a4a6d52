package cambium.formats.dsc;

import cambium.formats.ParseResult;
import java.util.Optional;

/// Carries a refusal up to the public door, where it becomes a [ParseResult.Malformed].
final class MalformedDsc extends Exception {
    private static final String CODE = "dsc_malformed";
    private final String field;

    private MalformedDsc(String field, String reason) {
        super(reason);
        this.field = field;
    }

    static MalformedDsc structure(String reason) {
        return new MalformedDsc("", reason);
    }

    static MalformedDsc field(String field, String reason) {
        return new MalformedDsc(field, reason);
    }

    <P> ParseResult<P> toResult() {
        return new ParseResult.Malformed<>(CODE, getMessage(), Optional.of(field).filter(name -> !name.isEmpty()));
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
