package cambium.formats.packed;

import cambium.formats.ParseResult;
import java.io.IOException;
import java.util.Optional;

/// Carries a refusal of a reader up to its public door, where it becomes a [ParseResult.Malformed]; it never gets
/// further. An `IOException` so that it passes through decoders.
public abstract class Refusal extends IOException {
    private final String code;
    private final String field;

    /// @param field empty where there is none
    protected Refusal(String code, String reason, String field) {
        super(reason);
        this.code = code;
        this.field = field;
    }

    protected final String code() {
        return code;
    }

    public final <P> ParseResult<P> toResult() {
        return new ParseResult.Malformed<>(code, getMessage(), Optional.of(field).filter(name -> !name.isEmpty()));
    }

    /// A refusal is an everyday answer, not a bug: filling in a stack trace would only cost time.
    @Override
    public final synchronized Throwable fillInStackTrace() {
        return this;
    }
}
