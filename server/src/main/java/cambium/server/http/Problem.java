package cambium.server.http;

import java.util.Objects;
import java.util.Optional;

/// An error as the client sees it: a status, a stable code to program against, and a sentence for a person.
/// `field` names the input that is to blame, where there is one.
public record Problem(int status, String code, String message, Optional<String> field) {
    public Problem {
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("not the status of an error: " + status);
        }
        Objects.requireNonNull(code);
        Objects.requireNonNull(message);
        Objects.requireNonNull(field);
    }

    public static Problem of(int status, String code, String message) {
        return new Problem(status, code, message, Optional.empty());
    }

    public static Problem of(int status, String code, String message, String field) {
        return new Problem(status, code, message, Optional.of(field));
    }
}
