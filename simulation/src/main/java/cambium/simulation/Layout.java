package cambium.simulation;

import cambium.rollout.AtOnce;
import cambium.rollout.Bake;
import cambium.rollout.BehindLimit;
import cambium.rollout.CellId;
import cambium.rollout.CellPolicy;
import cambium.rollout.CellSpec;
import cambium.rollout.FleetSpec;
import cambium.rollout.Gates;
import cambium.rollout.Mandatory;
import cambium.rollout.Pace;
import cambium.rollout.RingNumber;
import cambium.rollout.RingPolicy;
import cambium.rollout.RingSpec;
import cambium.rollout.Schedule;
import cambium.rollout.StepKind;
import cambium.rollout.Supersede;
import cambium.rollout.Window;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// A fleet drawn by chance, and its later changes: cells that move, join, are quarantined; policies that change.
final class Layout {
    private final Chance chance;
    private final int perimeter;
    private final FleetSpec.Graduation graduation;
    private final List<RingPolicy> policies = new ArrayList<>();
    private final List<List<CellSpec>> rings = new ArrayList<>();
    private final List<CellSpec> quarantine = new ArrayList<>();
    private int cells;

    Layout(Chance chance) {
        this.chance = chance;
        int count = 2 + chance.below(3);
        perimeter = chance.below(count);
        graduation = chance.in(0.2) ? FleetSpec.Graduation.MANUAL : FleetSpec.Graduation.AUTOMATIC;
        int main = chance.below(perimeter + 1);
        for (int ring = 0; ring < count; ring++) {
            var members = new ArrayList<CellSpec>();
            if (ring == main) {
                members.add(cell("main", CellSpec.Kind.MAIN));
            }
            if (ring == 0 && chance.in(0.6)) {
                members.add(cell("canary", CellSpec.Kind.CANARY));
                members.add(cell("qa", CellSpec.Kind.QA));
            }
            int others = members.isEmpty() ? 1 + chance.below(3) : chance.below(3);
            for (int i = 0; i < others; i++) {
                members.add(newCell());
            }
            rings.add(members);
            policies.add(policy());
        }
    }

    private CellSpec newCell() {
        return cell("c" + (++cells), CellSpec.Kind.SECONDARY);
    }

    private static CellSpec cell(String name, CellSpec.Kind kind) {
        return new CellSpec(CellId.of(name), kind, "job", Optional.of("http://" + name + "/health"),
                Optional.of("http://" + name + "/metrics"),
                new TreeMap<>());
    }

    private RingPolicy policy() {
        return RingPolicy.DEFAULT.with(parts -> {
            parts.atOnce = AtOnce.of(chance.of(List.of("100%", "100%", "50%", "1", "60%, at most 2")));
            parts.canaryFirst = chance.in(0.3) ? 1 + chance.below(2) : 0;
            parts.bake = bake();
            parts.qa = chance.of(List.of(RingPolicy.Qa.values()));
            parts.pdm = chance.of(List.of(RingPolicy.Pdm.AFTER_BAKE, RingPolicy.Pdm.AFTER_BAKE,
                    RingPolicy.Pdm.WITH_DEPLOYMENT, RingPolicy.Pdm.MANUAL));
            parts.toleratedFailures = chance.in(0.3) ? 1 : 0;
            parts.retries = chance.below(3);
            parts.timeout = Duration.ofMinutes(5 + chance.below(15));
            parts.pace = pace();
            parts.windows = windows();
            parts.gates = new Gates(chance.in(0.2) ? 1 + chance.below(2) : 0);
            parts.supersede = chance.of(List.of(Supersede.FINISH, Supersede.FINISH, Supersede.NEWEST_WINS,
                    Supersede.QUEUE));
            parts.health = chance.in(0.15) ? RingPolicy.HealthGate.NONE : RingPolicy.HealthGate.REQUIRED;
            parts.cells = parts.cells.with(cells -> {
                cells.joinWithin = Duration.ofMinutes(chance.below(90));
                cells.mostBehind = chance.in(0.35) ? Optional.of(mostBehind()) : Optional.empty();
                cells.quarantineAfter = chance.below(3);
                cells.pdmGrace = chance.in(0.3) ? Duration.ofMinutes(chance.below(120)) : Duration.ZERO;
                cells.onDrift = chance.of(List.of(CellPolicy.OnDrift.values()));
                cells.kind = chance.of(List.of(StepKind.values()));
            });
        });
    }

    /// By versions, by time, or by whichever is passed first.
    private BehindLimit mostBehind() {
        int by = chance.below(3);
        return new BehindLimit(by == 1 ? Optional.empty() : Optional.of(chance.in(0.7) ? 0 : 1), by == 0
                ? Optional.empty() : Optional.of(Duration.ofMinutes(chance.below(90))), BehindLimit.Then.PAUSE);
    }

    private Bake bake() {
        var time = Duration.ofMinutes(1 + chance.below(15));
        long samples = chance.below(3) * 150L;
        return new Bake(time, samples, chance.in(0.6) ? Optional.of(new Bake.Hotfix(time.dividedBy(5), samples / 3))
                : Optional.empty());
    }

    private Pace pace() {
        return new Pace(chance.in(0.3) ? Optional.of(new Pace.StartRate(1 + chance.below(2),
                Duration.ofMinutes(1 + chance.below(20)))) : Optional.empty(),
                new Pace.BackOff(Duration.ofSeconds(chance.below(120)), Duration.ofMinutes(10)), chance.in(0.4)
                ? Optional.of(new Pace.Progress(Duration.ofMinutes(20 + chance.below(120)), chance.in(0.3)))
                : Optional.empty());
    }

    /// Some hours a day or all days but some hours, in the calm as well as before.
    private Schedule windows() {
        if (chance.in(0.8)) {
            return Schedule.DEFAULT;
        }
        var window = new Window(ZoneId.of(chance.of(List.of("UTC", "Europe/Berlin", "America/New_York"))),
                LocalDateTime.of(2026, 1, 1, chance.below(24), 0), Duration.ofHours(2 + chance.below(6)),
                Optional.of("FREQ=DAILY"), Optional.empty());
        return chance.in(0.5) ? new Schedule(List.of(window), List.of()) : new Schedule(List.of(), List.of(window));
    }

    /// One change, such as people make.
    void change() {
        switch (chance.below(6)) {
            case 0 -> rings.get(chance.below(rings.size())).add(newCell());
            case 1, 2, 3 -> move(rings.get(chance.below(rings.size())), rings.get(chance.below(rings.size())));
            case 4 -> policies.set(chance.below(policies.size()), policy());
            default -> {
                if (quarantine.isEmpty()) {
                    move(rings.get(chance.below(rings.size())), quarantine);
                } else {
                    rings.get(chance.below(rings.size())).add(quarantine.removeLast());
                }
            }
        }
    }

    /// One of these to another ring, if they can be moved.
    void move(Predicate<CellId> which) {
        var sources = rings.stream().filter(ring -> ring.size() > 1
                && movable(ring).anyMatch(cell -> which.test(cell.cell()))).toList();
        if (!sources.isEmpty()) {
            var from = chance.of(sources);
            var cell = chance.of(movable(from).filter(known -> which.test(known.cell())).toList());
            from.remove(cell);
            chance.of(rings.stream().filter(ring -> ring != from).toList()).add(cell);
        }
    }

    private static Stream<CellSpec> movable(List<CellSpec> ring) {
        return ring.stream().filter(cell -> cell.kind() != CellSpec.Kind.MAIN);
    }

    /// Only cells that are neither the main cell nor the last of their ring.
    private void move(List<CellSpec> from, List<CellSpec> to) {
        var movable = movable(from).toList();
        if (from.size() > 1 && !movable.isEmpty() && from != to) {
            var cell = chance.of(movable);
            from.remove(cell);
            to.add(cell);
        }
    }

    /// Cells whose name ends with 1 are mandatory, wherever they are.
    private RingPolicy declared(int ring) {
        var mandatory = new TreeSet<CellId>();
        rings.get(ring).stream().map(CellSpec::cell).filter(cell -> cell.value().endsWith("1")).forEach(mandatory::add);
        return policies.get(ring).with(parts -> parts.mandatory = new Mandatory(mandatory));
    }

    FleetSpec spec() {
        var specs = new ArrayList<RingSpec>();
        if (!quarantine.isEmpty()) {
            specs.add(new RingSpec(RingNumber.QUARANTINE, RingPolicy.DEFAULT, quarantine));
        }
        for (int ring = 0; ring < rings.size(); ring++) {
            specs.add(new RingSpec(RingNumber.of(ring), declared(ring), rings.get(ring)));
        }
        return new FleetSpec("simulated", new FleetSpec.Product("acme/shop", "debian/bookworm", List.of("shop")),
                RingNumber.of(perimeter),
                graduation, specs);
    }
}
