package cambium.server.joint;

import cambium.rollout.FleetEvent;
import cambium.rollout.Plan;
import cambium.rollout.Wait;
import cambium.server.fleet.FleetStore;
import cambium.server.fleet.Planner;
import cambium.server.pages.ToldEvent;
import cambium.server.webhook.EventLog.Line;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;

/// Events of the fleet as people read them in a mail: in the words of the pages, with what they wait for by now.
public final class FleetLines implements Function<List<FleetEvent>, List<Line>> {
    private final FleetStore store;
    private final Planner planner;
    private final InstantSource clock;

    public FleetLines(FleetStore store, Planner planner, InstantSource clock) {
        this.store = store;
        this.planner = planner;
        this.clock = clock;
    }

    @Override
    public List<Line> apply(List<FleetEvent> events) {
        Plan plan = planner.plan(store.load().fleet(), clock.instant());
        return events.stream().map(event -> {
            var told = ToldEvent.of(event);
            return new Line(event.at(), told.what(), told.who(), told.why(), plan.waitOf(told.about()).map(Wait::text),
                    told.page());
        }).toList();
    }
}
