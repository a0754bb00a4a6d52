package cambium.simulation;

import cambium.rollout.Bake;
import cambium.rollout.CellId;
import cambium.rollout.FleetEvent;
import cambium.rollout.ProductVersion;
import cambium.rollout.RingNumber;
import cambium.rollout.RingPolicy;
import cambium.rollout.RingSpec;
import cambium.rollout.Scope;
import cambium.rollout.Step;
import cambium.rollout.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/// The promises that recorded events can break.
final class Checks {
    private Checks() {}

    static final List<Check> ALL = List.of(
            check("C-1: a cell starts a version only while the ring inside runs it, healthy and baked",
            Checks::ringOrder),
            check("C-2: outside the perimeter go only graduated versions", Checks::perimeter),
            check("C-3: a version graduates only after PDM of it succeeded on the main cell and nothing blocks it",
            Checks::graduation),
            check("C-4: after a brake nothing forward starts in its scope", Checks::brake),
            check("P11: where a ring or a cell is pinned, no other version opens or starts", Checks::pin),
            check("C-9: at most one attempt of a cell is not ended", Checks::oneAttempt),
            check("C-11: no ring bakes without time, requests and a healthy verdict on each cell", Checks::evidence),
            check("C-39: a hotfix bakes as long as its lane says, never for nothing, and begins in ring 0",
            Hotfixes::obeyed),
            check("C-13: what harms more cells than a ring tolerates starts nowhere", HarmChecks::goesNoFurther),
            check("C-14: a cell goes back only to what it baked before", Checks::knownGood),
            check("C-15: no cell goes back over a PDM unless downtime was asked for", Checks::migration),
            check("C-16: a blocked version never starts", Checks::blocked),
            check("C-17: no more cells of a ring are deployed to at once than its policy says", Checks::atOnce),
            check("C-20: a ring converges only when every cell of it is seen running the version", Checks::complete),
            check("C-19: a cell that is away gets nothing, a moved one nothing that its ring took before it came",
            Checks::membership),
            check("C-19: nothing is put on a cell out of reach but on a person's word", StepChecks::inReach),
            check("C-19: a cell that joins a ring gets only what the ring has proved", StepChecks::joining),
            check("C-16: a cell that a person took back gets the version no more", Checks::held),
            check("P28: nothing begins on a cell outside the windows of its ring", PaceChecks::windows),
            check("P3: a ring finishes what it began, unless its policy says otherwise", OrderChecks::finishes),
            check("P3: where the newest wins, it does not win twice in a row", OrderChecks::replacesOnce),
            check("P3: where versions queue, none is passed over", OrderChecks::inTurn),
            check("P3: nothing new begins in ring 0 while a ring that asks for it is late", OrderChecks::pauses),
            check("C-34: no more deployments start in a ring in a stretch of time than its policy says",
            PaceChecks::startRate),
            check("C-34: what failed rests before it is tried again, longer each time", StepChecks::rests),
            check("P7: no step is tried more often than its ring says", StepChecks::tries),
            check("P7: PDM waits for the end of its grace, or for a person", StepChecks::grace),
            check("P7: the first cells of a ring are good before the others begin", StepChecks::canaryFirst),
            check("P16: a ring that asks for approval opens and goes on only for what people approved for it",
            Rulings::obeyed));

    private static Check check(String sentence, BiFunction<FleetEvent, History, Optional<String>> rule) {
        return new Check() {
            @Override
            public String sentence() {
                return sentence;
            }

            @Override
            public Optional<String> brokenBy(FleetEvent event, History before) {
                return rule.apply(event, before);
            }
        };
    }

    /// The attempt whose start an event is, where it is one of this step that had not started.
    static Optional<History.Asked> start(FleetEvent event, History before, Step... steps) {
        return event instanceof FleetEvent.AttemptStarted(var _, var id) && List.of(steps).contains(id.step())
                ? Optional.ofNullable(before.attempts.get(id)).filter(asked -> asked.open()
                && asked.startedAt.isEmpty())
                : Optional.empty();
    }

    private static Optional<String> ringOrder(FleetEvent event, History before) {
        return start(event, before, Step.DEPLOY).flatMap(asked -> {
            var ring = before.ringOf(asked.request.attempt().cell()).map(RingSpec::ring).orElse(RingNumber.QUARANTINE);
            if (ring.value() < 0) {
                return Optional.of("it is in quarantine");
            }
            return ring.value() == 0 ? Optional.empty() : notProved(before, ring.inner(), asked.request.version(),
                    event.at());
        });
    }

    private static Optional<String> notProved(History before, RingNumber ring, ProductVersion version, Instant now) {
        boolean any = false;
        for (var id : before.cellsOf(ring)) {
            any |= runs(before.cell(id), version);
            if (before.passedOver(id, ring, version, now)) {
                continue;
            }
            var cell = before.cell(id);
            if (!runs(cell, version)) {
                return Optional.of("cell " + id + " of ring " + ring + " is not seen running " + version + " but "
                        + cell.seen);
            }
            if (!cell.bakedAt.containsKey(version)) {
                return Optional.of("cell " + id + " of ring " + ring + " has not baked " + version);
            }
        }
        return any ? Optional.empty() : Optional.of("no cell of ring " + ring + " proves " + version);
    }

    private static boolean runs(History.CellHistory cell, ProductVersion version) {
        return cell.reachable && cell.seen.filter(version::equals).isPresent();
    }

    private static Optional<String> perimeter(FleetEvent event, History before) {
        int perimeter = before.spec.map(spec -> spec.perimeter().value()).orElse(0);
        if (event instanceof FleetEvent.RingOpened(var _, var _, var version, var ring)) {
            return ring.value() > perimeter && !before.graduated.containsKey(version)
                    ? Optional.of(version + " has not graduated")
                    : Optional.empty();
        }
        return start(event, before, Step.DEPLOY).filter(asked -> before.ringOf(asked.request.attempt().cell())
                .filter(ring -> ring.ring().value() > perimeter).isPresent()
                && !before.graduated.containsKey(asked.request.version()))
                .map(asked -> asked.request.version() + " has not graduated");
    }

    private static Optional<String> graduation(FleetEvent event, History before) {
        if (!(event instanceof FleetEvent.VersionGraduated(var _, var by, var version))) {
            return Optional.empty();
        }
        var main = before.cell(before.spec.orElseThrow().mainCell().cell());
        return by.isBlank() ? Optional.of("nobody is named")
                : before.blocked.containsKey(version) ? Optional.of(version + " is blocked")
                : !main.migrated.contains(version) ? Optional.of("PDM of " + version
                + " has not succeeded on the main cell")
                : !runs(main, version) ? Optional.of("the main cell is not seen running " + version) : Optional.empty();
    }

    private static Optional<String> brake(FleetEvent event, History before) {
        return start(event, before, Step.DEPLOY, Step.PDM).flatMap(asked ->
                before.brakeOn(asked.request.attempt().cell(), asked.request.version()))
                .map(brake -> "there is a brake on " + brake.scope());
    }

    private static Optional<String> oneAttempt(FleetEvent event, History before) {
        return start(event, before, Step.values()).map(asked -> before.cell(asked.request.attempt().cell()).open)
                .filter(open -> open.size() > 1)
                .map(open -> "open are " + open.stream().map(asked -> asked.request.attempt()).toList());
    }

    private static Optional<String> pin(FleetEvent event, History before) {
        if (event instanceof FleetEvent.RingOpened opened) {
            return before.pinnedOff(new Scope.OfRing(opened.ring()), opened.version())
                    ? Optional.of("ring " + opened.ring() + " is pinned") : Optional.empty();
        }
        return start(event, before, Step.DEPLOY, Step.PDM).filter(asked -> {
            var cell = asked.request.attempt().cell();
            return before.pinnedOff(new Scope.OfCell(cell), asked.request.version())
                    || before.ringOf(cell).filter(ring -> before.pinnedOff(new Scope.OfRing(ring.ring()),
                    asked.request.version())).isPresent();
        }).map(asked -> asked.request.attempt() + " starts " + asked.request.version());
    }

    private static Optional<String> evidence(FleetEvent event, History before) {
        return event instanceof FleetEvent.RingBaked baked && !before.hotfixes.contains(baked.rollout())
                ? lacking(before, baked, policyOf(before, baked).bake()) : Optional.empty();
    }

    static RingPolicy policyOf(History before, FleetEvent.RingBaked baked) {
        return before.spec.orElseThrow().ring(baked.ring()).orElseThrow().policy();
    }

    /// What a cell that is said to have baked lacks of this bake.
    static Optional<String> lacking(History before, FleetEvent.RingBaked baked, Bake bake) {
        return baked.cells().stream().filter(id -> !before.cell(id).bakedAt.containsKey(baked.version()))
                .flatMap(id -> lacking(before.cell(id), id, baked, policyOf(before, baked).health(), bake).stream())
                .findFirst();
    }

    private static Optional<String> lacking(History.CellHistory cell, CellId id, FleetEvent.RingBaked baked,
            RingPolicy.HealthGate gate, Bake bake) {
        var latest = baked.at().minus(bake.time());
        if (cell.seenSince.isAfter(latest) || cell.deployedAt.isAfter(latest)) {
            return Optional.of("cell " + id + " runs it only since " + cell.seenSince);
        }
        if (gate == RingPolicy.HealthGate.NONE) {
            return Optional.empty();
        }
        var verdict = cell.verdict.filter(known -> known.version().equals(baked.version()));
        return verdict.filter(known -> known.verdict() == Verdict.HEALTHY).isEmpty()
                ? Optional.of("cell " + id + " was judged " + verdict)
                : verdict.get().samples() < bake.samples() ? Optional.of("cell " + id + " saw only "
                + verdict.get().samples())
                : cell.healthySince.isAfter(latest) ? Optional.of("cell " + id + " is healthy only since "
                + cell.healthySince)
                : Optional.empty();
    }

    private static Optional<String> knownGood(FleetEvent event, History before) {
        return start(event, before, Step.ROLLBACK).filter(asked ->
                !before.cell(asked.request.attempt().cell()).bakedAt.containsKey(asked.request.version()))
                .map(asked -> "it never baked " + asked.request.version());
    }

    private static Optional<String> migration(FleetEvent event, History before) {
        return start(event, before, Step.ROLLBACK).flatMap(asked -> {
            var cell = before.cell(asked.request.attempt().cell());
            var left = asked.request.previous().orElseThrow();
            boolean allowed = cell.hold.filter(hold -> hold.version().equals(left) && hold.withDowntime()).isPresent()
                    || Optional.ofNullable(before.blocked.get(left)).filter(FleetEvent.VersionBlocked::withDowntime)
                    .isPresent();
            var crossed = cell.crossed(asked.request.version());
            return !crossed.isEmpty() && !allowed ? Optional.of("PDM of " + crossed + " began here since "
                    + asked.request.version() + " baked") : Optional.empty();
        });
    }

    private static Optional<String> blocked(FleetEvent event, History before) {
        return start(event, before, Step.DEPLOY, Step.PDM, Step.ROLLBACK).map(asked -> asked.request.version())
                .filter(before.blocked::containsKey).map(version -> version + " is blocked");
    }

    private static Optional<String> atOnce(FleetEvent event, History before) {
        return start(event, before, Step.DEPLOY).flatMap(asked -> before.ringOf(asked.request.attempt().cell()))
                .flatMap(ring -> {
            long running = ring.cells().stream().filter(cell -> before.cell(cell.cell()).open.stream()
                    .anyMatch(open -> open.startedAt.isPresent() && open.request.attempt().step() == Step.DEPLOY
                            && open.request.ring().equals(ring.ring()))).count();
            int limit = ring.policy().atOnce().among(ring.cells().size());
            return running + 1 > limit ? Optional.of((running + 1) + " at once, the limit is " + limit)
                    : Optional.empty();
        });
    }

    private static Optional<String> complete(FleetEvent event, History before) {
        return switch (event) {
            case FleetEvent.RingConverged(var _, var _, var version, var ring) -> notRunning(before, ring, version,
                    event.at());
            case FleetEvent.RingBaked baked -> notRunning(before, baked.ring(), baked.version(),
                    event.at());
            default -> Optional.empty();
        };
    }

    private static Optional<String> notRunning(History before, RingNumber ring, ProductVersion version,
            Instant now) {
        return before.cellsOf(ring).stream().filter(id -> !before.passedOver(id, ring, version, now)
                && !runs(before.cell(id), version)).findFirst()
                .map(id -> "cell " + id + " is not seen running " + version + " but " + before.cell(id).seen);
    }

    private static Optional<String> held(FleetEvent event, History before) {
        return start(event, before, Step.DEPLOY).filter(asked -> before.cell(asked.request.attempt().cell()).hold
                .filter(hold -> hold.version().equals(asked.request.version())).isPresent())
                .map(asked -> asked.request.version() + " is held off");
    }

    private static Optional<String> membership(FleetEvent event, History before) {
        return start(event, before, Step.DEPLOY, Step.PDM, Step.QA).flatMap(asked -> {
            var id = asked.request.attempt().cell();
            var cell = before.cell(id);
            var opened = before.openedAt.getOrDefault(new History.InRing(asked.request.ring(),
                    asked.request.version()), Instant.MIN);
            boolean byMove = asked.request.attempt().step() == Step.DEPLOY && cell.moved
                    && cell.deployment.isPresent() && cell.since.isAfter(opened)
                    && cell.wanted.filter(asked.request.version()::equals).isEmpty()
                    && !cell.bakedAt.containsKey(asked.request.version())
                    && cell.deployment.get().request.version() != asked.request.version();
            return before.away(id, event.at()) ? Optional.of("cell " + id + " is " + cell.duty.word())
                    : byMove ? Optional.of("cell " + id + " was moved, and nothing else happened") : Optional.empty();
        });
    }
}
