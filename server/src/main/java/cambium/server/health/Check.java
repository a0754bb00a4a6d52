package cambium.server.health;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/// One thing that should hold for a process. `problem` answers soon, and is empty while all is well. Without what is
/// `needed` a process must not be sent requests; without the rest it does less, and says so.
public record Check(String name, boolean needed, Supplier<Optional<String>> problem) {
    public Check {
        Objects.requireNonNull(name);
        Objects.requireNonNull(problem);
    }

    public Check(String name, Supplier<Optional<String>> problem) {
        this(name, true, problem);
    }

    /// Something that a process can do without for a while.
    public static Check wanted(String name, Supplier<Optional<String>> problem) {
        return new Check(name, false, problem);
    }
}
