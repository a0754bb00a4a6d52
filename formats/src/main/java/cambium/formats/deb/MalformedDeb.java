package cambium.formats.deb;

import cambium.formats.packed.Refusal;

/// Why a .deb is refused; it never leaves this package.
final class MalformedDeb extends Refusal {
    private static final String STRUCTURE = "deb_malformed";
    private static final String CORRUPT = "corrupt";
    private static final String TOO_LARGE = "too_large_expanded";
    private static final String UNLISTED = "unlisted";

    private MalformedDeb(String code, String reason, String field) {
        super(code, reason, field);
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
        return code().equals(UNLISTED);
    }
}
