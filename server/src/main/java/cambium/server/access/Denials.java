package cambium.server.access;

import java.util.List;
import java.util.Optional;

/// Is told of every try that was denied, by whichever thread denied it; must be quick, and must not throw.
@FunctionalInterface
public interface Denials {
    /// Where nobody keeps them.
    Denials UNTOLD = (_, _, _, _) -> { };

    /// @param by also the anonymous actor, who was asked to sign in
    /// @param missing what it takes and `by` has not
    /// @param act what was asked, in words of ours: a route, or a command
    /// @param target what it was asked of, where it names something; may hold any text of the caller's
    void denied(Actor by, List<String> missing, String act, Optional<String> target);
}
