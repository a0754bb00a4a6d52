package cambium.server.health;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/// One thing that must hold for a process to be sent requests. `problem` answers soon, and is empty while all is well.
public record Check(String name, Supplier<Optional<String>> problem) {
    public Check {
        Objects.requireNonNull(name);
        Objects.requireNonNull(problem);
    }
}
