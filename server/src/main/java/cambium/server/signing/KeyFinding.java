package cambium.server.signing;

import java.util.Locale;

/// What the linter has to say of a key. `code` is stable; `message` tells what is wrong and who minds.
public record KeyFinding(Severity severity, String code, String message) {

    /// How bad it is.
    public enum Severity {
        /// Some client of today refuses the key or its signatures.
        ERROR,
        /// Clients still accept it, but will not for ever, or few do.
        WARNING;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static KeyFinding error(String code, String message) {
        return new KeyFinding(Severity.ERROR, code, message);
    }

    static KeyFinding warning(String code, String message) {
        return new KeyFinding(Severity.WARNING, code, message);
    }

    public boolean isError() {
        return severity == Severity.ERROR;
    }
}
