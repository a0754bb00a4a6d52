package cambium.simulation;

import cambium.rollout.AttemptId;
import cambium.rollout.Decision;
import cambium.rollout.Fleet;
import cambium.rollout.FleetEvent;
import cambium.rollout.Plan;
import cambium.server.fleet.CellDriver;
import cambium.server.fleet.CellObserver;
import cambium.server.fleet.FleetStore;
import cambium.server.fleet.Planner;
import cambium.server.fleet.StepOrder;
import cambium.server.fleet.StepProgress;
import java.io.InputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/// Ways to plant a mistake in a part of the coordinator.
final class Planting {
    private Planting() {}

    /// It takes the fleet for another one.
    static Bait seeing(UnaryOperator<Fleet> misreading) {
        return new Bait() {
            @Override
            public Fleet seen(Fleet fleet) {
                return misreading.apply(fleet);
            }
        };
    }

    /// Each process has a memory of its own, which begins with the process, and reads the fleet with it.
    static Bait remembering(Supplier<UnaryOperator<Fleet>> misreading) {
        return new Bait() {
            @Override
            public FleetStore store(FleetStore real) {
                return new MisreadStore(real, misreading.get());
            }
        };
    }

    interface Meddling {
        List<Decision> decisions(Fleet fleet, Plan plan);
    }

    /// It decides otherwise.
    static Bait deciding(Meddling meddling) {
        return planning(real -> (fleet, now) -> {
            var plan = real.plan(fleet, now);
            return new Plan(meddling.decisions(fleet, plan), plan.waits());
        });
    }

    static Bait planning(UnaryOperator<Planner> other) {
        return new Bait() {
            @Override
            public Planner planner(Planner real) {
                return other.apply(real);
            }
        };
    }

    interface Hearing {
        StepProgress heard(CellDriver real, AttemptId attempt);
    }

    /// It takes what the driver tells of an attempt that was handed over for something else.
    static Bait hearing(Hearing hearing) {
        return driving(order -> order, hearing, false);
    }

    /// It takes what it was told of the cells for something else; what that is called with is new for each process.
    static Bait told(Supplier<UnaryOperator<FleetEvent.VerdictReached>> readings) {
        return new Bait() {
            @Override
            public CellObserver observer(CellObserver real) {
                var reading = readings.get();
                return (fleet, now) -> real.observe(fleet, now).stream().map(look ->
                        look instanceof FleetEvent.VerdictReached verdict ? reading.apply(verdict) : look).toList();
            }
        };
    }

    /// It takes all that the driver tells for something else, also of attempts that were not handed over.
    static Bait alwaysHearing(Hearing hearing) {
        return driving(order -> order, hearing, true);
    }

    /// It gives its driver another order than the one that was recorded.
    static Bait ordering(UnaryOperator<StepOrder> orders) {
        return driving(orders, CellDriver::progress, true);
    }

    private static Bait driving(UnaryOperator<StepOrder> orders, Hearing hearing, boolean always) {
        return new Bait() {
            @Override
            public CellDriver driver(CellDriver real) {
                return new Garbled(real, orders, hearing, always, new HashSet<>());
            }
        };
    }

    private record Garbled(CellDriver real, UnaryOperator<StepOrder> orders, Hearing hearing, boolean always,
            Set<AttemptId> handedOver) implements CellDriver {
        @Override
        public Taking start(StepOrder order) {
            handedOver.add(order.attempt());
            return real.start(orders.apply(order));
        }

        @Override
        public boolean cancel(AttemptId attempt, String why) {
            return real.cancel(attempt, why);
        }

        @Override
        public StepProgress progress(AttemptId attempt) {
            return always || handedOver.contains(attempt) ? hearing.heard(real, attempt) : real.progress(attempt);
        }

        @Override
        public Optional<InputStream> log(AttemptId attempt) {
            return real.log(attempt);
        }
    }
}
