package cambium.formats.rpm;

import cambium.formats.packed.Refusal;

/// Why an rpm is refused; it never leaves this package.
final class MalformedRpm extends Refusal {
    private static final String STRUCTURE = "rpm_malformed";
    private static final String CORRUPT = "corrupt";
    private static final String TOO_LARGE = "too_large_expanded";
    private static final String UNWALKED = "unwalked";

    private MalformedRpm(String code, String reason, String field) {
        super(code, reason, field);
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

    /// No refusal: the package is fine as far as it was looked at, and its payload is not expanded further.
    static MalformedRpm unwalked(String reason) {
        return new MalformedRpm(UNWALKED, reason, "");
    }

    boolean isUnwalked() {
        return code().equals(UNWALKED);
    }
}
