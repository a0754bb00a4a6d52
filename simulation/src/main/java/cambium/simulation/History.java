package cambium.simulation;

import cambium.rollout.AttemptId;
import cambium.rollout.AttemptResult;
import cambium.rollout.CellId;
import cambium.rollout.CellSpec;
import cambium.rollout.FleetEvent;
import cambium.rollout.FleetSpec;
import cambium.rollout.ProductVersion;
import cambium.rollout.RingNumber;
import cambium.rollout.RingSpec;
import cambium.rollout.Scope;
import cambium.rollout.Step;
import cambium.rollout.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What the recorded events say, told anew from the events alone and in other words than the product's own fold, so
/// that an error there does not hide here.
final class History {
    Optional<FleetSpec> spec = Optional.empty();
    final Map<CellId, CellHistory> cells = new HashMap<>();
    final Map<AttemptId, Asked> attempts = new HashMap<>();
    final Map<Scope, FleetEvent.BrakeSet> brakes = new HashMap<>();
    final Map<ProductVersion, Map<CellId, Boolean>> softFailures = new HashMap<>();
    final Set<ProductVersion> graduated = new HashSet<>();
    final Map<ProductVersion, FleetEvent.VersionBlocked> blocked = new HashMap<>();

    /// One attempt as it was asked for, and how far it came.
    static final class Asked {
        final FleetEvent.AttemptRequested request;
        Optional<Instant> startedAt = Optional.empty();
        Optional<AttemptResult> result = Optional.empty();
        boolean withheld;

        Asked(FleetEvent.AttemptRequested request) {
            this.request = request;
        }

        boolean open() {
            return result.isEmpty() && !withheld;
        }
    }

    static final class CellHistory {
        final List<Asked> open = new ArrayList<>();
        Optional<Asked> deployment = Optional.empty();
        Instant deployedAt = Instant.MAX;
        boolean reachable;
        Optional<ProductVersion> seen = Optional.empty();
        Instant seenSince = Instant.MAX;
        Optional<FleetEvent.VerdictReached> verdict = Optional.empty();
        Instant healthySince = Instant.MAX;
        final Map<ProductVersion, Instant> bakedAt = new HashMap<>();
        final Map<ProductVersion, Instant> migrationBegun = new HashMap<>();
        final Set<ProductVersion> migrated = new HashSet<>();
        Optional<FleetEvent.RollbackAsked> hold = Optional.empty();

        /// Versions whose PDM began here after this one had baked.
        Set<ProductVersion> crossed(ProductVersion target) {
            var since = bakedAt.getOrDefault(target, Instant.MIN);
            var crossed = new HashSet<ProductVersion>();
            migrationBegun.forEach((version, at) -> {
                if (!version.equals(target) && at.isAfter(since)) {
                    crossed.add(version);
                }
            });
            return crossed;
        }
    }

    CellHistory cell(CellId id) {
        return cells.computeIfAbsent(id, _ -> new CellHistory());
    }

    Optional<RingSpec> ringOf(CellId cell) {
        return spec.flatMap(known -> known.rings().stream()
                .filter(ring -> ring.cells().stream().anyMatch(other -> other.cell().equals(cell))).findFirst());
    }

    List<CellId> cellsOf(RingNumber ring) {
        return spec.flatMap(known -> known.ring(ring)).map(known -> known.cells().stream().map(CellSpec::cell).toList())
                .orElse(List.of());
    }

    /// Failed the version, softly or within what its ring tolerates.
    boolean excused(CellId cell, ProductVersion version) {
        var failures = softFailures.getOrDefault(version, Map.of());
        if (!failures.containsKey(cell)) {
            return false;
        }
        var ring = ringOf(cell).orElseThrow();
        long hard = ring.cells().stream().filter(other -> Boolean.FALSE.equals(failures.get(other.cell()))).count();
        boolean mandatory = ring.policy().mandatory().cells().contains(cell)
                || spec.orElseThrow().mainCell().cell().equals(cell);
        return failures.get(cell) || hard <= ring.policy().toleratedFailures() && !mandatory;
    }

    Optional<FleetEvent.BrakeSet> brakeOn(CellId cell, ProductVersion version, Instant now) {
        var ring = ringOf(cell).map(RingSpec::ring);
        return brakes.values().stream().filter(brake -> brake.until().filter(until -> !now.isBefore(until)).isEmpty())
                .filter(brake -> switch (brake.scope()) {
                    case Scope.FleetWide() -> true;
                    case Scope.OfRing(var braked) -> ring.filter(braked::equals).isPresent();
                    case Scope.OfCell(var braked) -> braked.equals(cell);
                    case Scope.OfVersion(var braked) -> braked.equals(version);
                }).findFirst();
    }

    void add(FleetEvent event) {
        switch (event) {
            case FleetEvent.FleetApplied applied -> spec = Optional.of(applied.spec());
            case FleetEvent.AttemptRequested requested -> request(requested);
            case FleetEvent.AttemptStarted started -> start(started);
            case FleetEvent.AttemptWithheld withheld -> Optional.ofNullable(attempts.get(withheld.attempt()))
                    .filter(asked -> asked.open() && asked.startedAt.isEmpty()).ifPresent(asked -> {
                        asked.withheld = true;
                        cell(withheld.attempt().cell()).open.remove(asked);
                    });
            case FleetEvent.AttemptFinished finished -> finish(finished);
            case FleetEvent.CellObserved observed -> observe(observed);
            case FleetEvent.VerdictReached reached -> judge(reached);
            case FleetEvent.CellFailed failed ->
                softFailures.computeIfAbsent(failed.version(), _ -> new HashMap<>()).put(failed.cell(), failed.soft());
            case FleetEvent.RingBaked baked -> baked.cells()
                    .forEach(id -> cell(id).bakedAt.put(baked.version(), baked.at()));
            case FleetEvent.VersionGraduated(var _, var _, var version) -> graduated.add(version);
            case FleetEvent.VersionBlocked version -> blocked.put(version.version(), version);
            case FleetEvent.VersionReleased released -> {
                blocked.remove(released.version());
                softFailures.remove(released.version());
            }
            case FleetEvent.RetryAsked asked -> retry(asked);
            case FleetEvent.BrakeSet set -> brakes.put(set.scope(), set);
            case FleetEvent.BrakeReleased released -> brakes.remove(released.scope());
            case FleetEvent.RollbackAsked asked -> asked.cells().forEach(id -> cell(id).hold = Optional.of(asked));
            case FleetEvent.VersionRegistered _, FleetEvent.RolloutStarted _, FleetEvent.RingOpened _,
                    FleetEvent.RingAdmitted _,
                    FleetEvent.RingConverged _, FleetEvent.RingReopened _, FleetEvent.PdmAsked _,
                            FleetEvent.RolloutCompleted _,
                    FleetEvent.RolloutSuperseded _, FleetEvent.PageRaised _ -> { }
        }
    }

    private void request(FleetEvent.AttemptRequested requested) {
        if (!attempts.containsKey(requested.attempt())) {
            var asked = new Asked(requested);
            attempts.put(requested.attempt(), asked);
            cell(requested.attempt().cell()).open.add(asked);
        }
    }

    private void start(FleetEvent.AttemptStarted started) {
        var asked = attempts.get(started.attempt());
        if (asked == null || !asked.open() || asked.startedAt.isPresent()) {
            return;
        }
        asked.startedAt = Optional.of(started.at());
        var cell = cell(started.attempt().cell());
        if (started.attempt().step() == Step.DEPLOY) {
            cell.deployment = Optional.of(asked);
            cell.deployedAt = Instant.MAX;
            cell.verdict = Optional.empty();
            cell.healthySince = Instant.MAX;
        } else if (started.attempt().step() == Step.PDM) {
            cell.migrationBegun.put(asked.request.version(), started.at());
        }
    }

    private void finish(FleetEvent.AttemptFinished finished) {
        var asked = attempts.get(finished.attempt());
        if (asked == null || !asked.open() || asked.startedAt.isEmpty()) {
            return;
        }
        asked.result = Optional.of(finished.result());
        var cell = cell(finished.attempt().cell());
        cell.open.remove(asked);
        boolean succeeded = finished.result() instanceof AttemptResult.Succeeded;
        switch (finished.attempt().step()) {
            case DEPLOY -> cell.deployedAt = finished.at();
            case PDM -> {
                if (succeeded) {
                    cell.migrated.add(asked.request.version());
                }
            }
            case ROLLBACK -> {
                if (succeeded) {
                    asked.request.previous().ifPresent(cell.bakedAt::remove);
                    var undone = cell.crossed(asked.request.version());
                    cell.migrationBegun.keySet().removeAll(undone);
                    cell.migrated.removeAll(undone);
                    cell.deployment = Optional.empty();
                }
            }
            case QA -> { }
        }
    }

    private void observe(FleetEvent.CellObserved observed) {
        var cell = cell(observed.cell());
        boolean same = cell.reachable == observed.reachable() && cell.seen.equals(observed.version());
        if (!same || cell.seenSince.equals(Instant.MAX)) {
            cell.seenSince = observed.at();
        }
        cell.reachable = observed.reachable();
        cell.seen = observed.version();
    }

    private void judge(FleetEvent.VerdictReached reached) {
        var cell = cell(reached.cell());
        if (cell.deployment.filter(asked -> asked.request.attempt().equals(reached.attempt())).isEmpty()) {
            return;
        }
        if (cell.verdict.filter(before -> reached.at().isBefore(before.at())).isPresent()) {
            return;
        }
        boolean wasHealthy = cell.verdict.filter(before -> before.verdict() == Verdict.HEALTHY).isPresent();
        if (!wasHealthy || reached.verdict() != Verdict.HEALTHY) {
            cell.healthySince = reached.verdict() == Verdict.HEALTHY ? reached.at() : Instant.MAX;
        }
        cell.verdict = Optional.of(reached);
    }

    private void retry(FleetEvent.RetryAsked asked) {
        var cell = cell(asked.cell());
        cell.hold = cell.hold.filter(hold -> !hold.version().equals(asked.version()));
        softFailures.getOrDefault(asked.version(), new HashMap<>()).remove(asked.cell());
        if (cell.deployment.filter(deployed -> deployed.request.version().equals(asked.version())).isPresent()) {
            cell.verdict = Optional.empty();
            cell.healthySince = Instant.MAX;
        }
    }
}
