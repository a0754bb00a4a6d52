package cambium.server.pages;

import cambium.rollout.FleetCommand;
import cambium.server.access.Actor;
import java.util.function.Predicate;

/// Carries out what a person asks on a page. The answer is the same that the API would give.
public interface FleetActs {
    FleetCommand.Answer act(Actor by, FleetCommand command);

    /// Whether somebody has the right to give a command to the fleet as it is at this call, for all that are asked
    /// about.
    Predicate<FleetCommand> rights(Actor of);
}
