package cambium.server.fleet;

import java.util.Optional;

/// Something for which a process must not coordinate, so that one without it can.
public interface Hindrance {
    /// In words for whoever reads the log; empty where it may.
    ///
    /// @param leading whether it does already
    Optional<String> problem(boolean leading);
}
