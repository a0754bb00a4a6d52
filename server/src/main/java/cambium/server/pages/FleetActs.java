package cambium.server.pages;

import cambium.rollout.FleetCommand;
import cambium.server.access.Actor;

/// Carries out what a person asks on a page. The answer is the same that the API would give.
@FunctionalInterface
public interface FleetActs {
    FleetCommand.Answer act(Actor by, FleetCommand command);
}
