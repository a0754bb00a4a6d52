package cambium.simulation;

import cambium.rollout.AttemptId;
import cambium.rollout.AttemptResult;
import cambium.rollout.CellId;
import cambium.rollout.CellPolicy;
import cambium.rollout.CellSpec;
import cambium.rollout.Duty;
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
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// What the recorded events say, told anew from the events alone and in other words than the product's own fold, so
/// that an error there does not hide here.
final class History {
    Optional<FleetSpec> spec = Optional.empty();
    final Map<CellId, CellHistory> cells = new HashMap<>();
    final Map<AttemptId, Asked> attempts = new HashMap<>();
    final Map<Scope, FleetEvent.BrakeSet> brakes = new HashMap<>();
    final Map<ProductVersion, Map<CellId, Boolean>> softFailures = new HashMap<>();
    final Map<ProductVersion, Instant> graduated = new HashMap<>();
    final Map<ProductVersion, FleetEvent.VersionBlocked> blocked = new HashMap<>();

    final Rulings rulings = new Rulings();

    record InRing(RingNumber ring, ProductVersion version) {}

    /// What each ring was opened for and has begun since it proved anything, and all rollouts that were ever started.
    final Map<RingNumber, List<ProductVersion>> begun = new HashMap<>();
    final Map<RingNumber, FleetEvent.RingOpened> target = new HashMap<>();
    final NavigableMap<Integer, ProductVersion> rollouts = new TreeMap<>();

    /// Rollouts that were started as hotfixes, and those of them that ring 0 proved.
    final Set<Integer> hotfixes = new HashSet<>();
    final Set<Integer> hotfixesFromRing0 = new HashSet<>();

    /// The newest rollout of each version, also of those that ended.
    final Map<ProductVersion, Integer> numbers = new HashMap<>();
    final Map<Scope, ProductVersion> pins = new HashMap<>();
    final Map<InRing, Instant> openedAt = new HashMap<>();
    final Map<InRing, Instant> provedAt = new HashMap<>();

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

    final Harm harm = new Harm();

    static final class CellHistory {
        final Tries tries = new Tries();
        final Set<ProductVersion> pdmAsked = new HashSet<>();
        boolean pdmWanted;
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
        Duty duty = new Duty.OnDuty();
        Instant since = Instant.MIN;
        boolean moved;
        boolean everReached;
        Optional<ProductVersion> wanted = Optional.empty();

        Instant countsSince() {
            return duty instanceof Duty.Deferred(var until) && until.isAfter(since) ? until : since;
        }

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

    /// The ring that a cell is declared in; none while it is quarantined.
    Optional<RingSpec> ringOf(CellId cell) {
        return cell(cell).duty instanceof Duty.Quarantined ? Optional.empty() : spec.flatMap(known ->
                known.rings().stream()
                .filter(ring -> ring.cells().stream().anyMatch(other -> other.cell().equals(cell))).findFirst());
    }

    List<CellId> cellsOf(RingNumber ring) {
        return spec.flatMap(known -> known.ring(ring)).map(known -> known.cells().stream().map(CellSpec::cell)
                .filter(id -> !(cell(id).duty instanceof Duty.Quarantined)).toList())
                .orElse(List.of());
    }

    /// Whether a ring may be said to run a version although this cell of it does not.
    boolean passedOver(CellId id, RingNumber number, ProductVersion version, Instant now) {
        var cell = cell(id);
        var ring = spec.flatMap(known -> known.ring(number)).orElseThrow();
        var here = new InRing(number, version);
        boolean strayed = ring.policy().cells().onDrift() == CellPolicy.OnDrift.REPORT
                && cell.bakedAt.containsKey(version) && cell.reachable;
        boolean away = away(id, now) || strayed || pinnedOff(new Scope.OfCell(id), version);
        boolean came = cell.countsSince().isAfter(openedAt.getOrDefault(here, Instant.MAX));
        boolean proved = provedAt.containsKey(here)   // who proved it may have left since
                && cellsOf(number).stream().anyMatch(other -> cell(other).bakedAt.containsKey(version));
        boolean waitsForTheRing = came && (cell.moved || !proved);
        var joining = now.minus(ring.policy().cells().joinWithin());
        boolean tooLate = provedAt.containsKey(here) && !joining.isBefore(provedAt.get(here))
                && !joining.isBefore(cell.countsSince());
        return away || waitsForTheRing || tooLate || excused(id, version) || outOfReach(id, ring, version, now);
    }

    boolean pinnedOff(Scope scope, ProductVersion version) {
        return pins.containsKey(scope) && !pins.get(scope).equals(version);
    }

    /// Whether nothing may be started on a cell because somebody said so.
    boolean away(CellId id, Instant now) {
        return switch (cell(id).duty) {
            case Duty.OnDuty() -> false;
            case Duty.Deferred(var until) -> now.isBefore(until);
            case Duty.Leaving(), Duty.Quarantined() -> true;
        };
    }

    private boolean outOfReach(CellId id, RingSpec ring, ProductVersion version, Instant now) {
        var failed = softFailures.getOrDefault(version, Map.of());
        long bad = cellsOf(ring.ring()).stream().filter(other -> Boolean.FALSE.equals(failed.get(other))
                || offline(other, ring, now)).count();
        return offline(id, ring, now) && bad <= ring.policy().toleratedFailures() && !mandatory(id, ring);
    }

    private boolean mandatory(CellId cell, RingSpec ring) {
        return ring.policy().mandatory().cells().contains(cell) || spec.orElseThrow().mainCell().cell().equals(cell);
    }

    private boolean offline(CellId id, RingSpec ring, Instant now) {
        var cell = cell(id);
        return cell.everReached && !cell.reachable && !away(id, now)
                && !now.isBefore(cell.seenSince.plus(ring.policy().timeout()));
    }

    /// Failed the version, softly or within what its ring tolerates.
    private boolean excused(CellId cell, ProductVersion version) {
        var failures = softFailures.getOrDefault(version, Map.of());
        if (!failures.containsKey(cell)) {
            return false;
        }
        var ring = ringOf(cell).orElseThrow();
        long hard = ring.cells().stream().filter(other -> Boolean.FALSE.equals(failures.get(other.cell()))).count();
        return failures.get(cell) || hard <= ring.policy().toleratedFailures() && !mandatory(cell, ring);
    }

    Optional<FleetEvent.BrakeSet> brakeOn(CellId cell, ProductVersion version) {
        var ring = ringOf(cell).map(RingSpec::ring);
        return brakes.values().stream().filter(brake -> switch (brake.scope()) {
                    case Scope.FleetWide() -> true;
                    case Scope.OfRing(var braked) -> ring.filter(braked::equals).isPresent();
                    case Scope.OfCell(var braked) -> braked.equals(cell);
                    case Scope.OfVersion(var braked) -> braked.equals(version);
                }).findFirst();
    }

    void add(FleetEvent event) {
        harm.add(event, this);
        switch (event) {
            case FleetEvent.FleetApplied applied -> declare(applied);
            case FleetEvent.CellDutyChanged changed -> {
                var cell = cell(changed.cell());
                cell.duty = changed.duty();
                cell.since = changed.duty() instanceof Duty.OnDuty ? changed.at() : cell.since;
            }
            case FleetEvent.RingOpened opened -> {
                openedAt.put(new InRing(opened.ring(), opened.version()), opened.at());
                provedAt.remove(new InRing(opened.ring(), opened.version()));
                target.put(opened.ring(), opened);
            }
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
            case FleetEvent.RingBaked baked -> {
                if (baked.ring().value() == 0 && hotfixes.contains(baked.rollout())) {
                    hotfixesFromRing0.add(baked.rollout());
                }
                baked.cells().forEach(id -> cell(id).bakedAt.put(baked.version(), baked.at()));
                provedAt.putIfAbsent(new InRing(baked.ring(), baked.version()), baked.at());
                begun.remove(baked.ring());
            }
            case FleetEvent.VersionGraduated(var at, var _, var version) -> graduated.put(version, at);
            case FleetEvent.VersionBlocked version -> {
                blocked.put(version.version(), version);
                rulings.forget(version.version());
                begun.values().forEach(versions -> versions.remove(version.version()));
                target.values().removeIf(opened -> opened.version().equals(version.version()));
                rollouts.values().removeIf(version.version()::equals);
            }
            case FleetEvent.RolloutStarted started -> {
                rulings.forget(started.version());
                rollouts.put(started.rollout(), started.version());
                numbers.put(started.version(), started.rollout());
                started.hotfix().ifPresent(_ -> hotfixes.add(started.rollout()));
            }
            case FleetEvent.RingApproved approved -> rulings.add(approved);
            case FleetEvent.ApprovalWithdrawn withdrawn -> rulings.add(withdrawn);
            case FleetEvent.VersionReleased released -> {
                blocked.remove(released.version());
                softFailures.remove(released.version());
            }
            case FleetEvent.RetryAsked asked -> retry(asked);
            case FleetEvent.PdmAsked asked -> asked.cells().forEach(id -> {
                cell(id).pdmAsked.add(asked.version());
                cell(id).pdmWanted = true;
                cell(id).tries.forget(Step.PDM);
            });
            case FleetEvent.BrakeSet set -> brakes.put(set.scope(), set);
            case FleetEvent.BrakeReleased released -> brakes.remove(released.scope());
            case FleetEvent.PinSet set -> pins.put(set.scope(), set.version());
            case FleetEvent.PinReleased released -> pins.remove(released.scope());
            case FleetEvent.RollbackAsked asked -> asked.cells().forEach(id -> cell(id).hold = Optional.of(asked));
            case FleetEvent.VersionRegistered _, FleetEvent.RingAdmitted _,
                    FleetEvent.RingConverged _, FleetEvent.RingReopened _, FleetEvent.PageRaised _,
                    FleetEvent.BrakeDrilled _, FleetEvent.TryDenied _, FleetEvent.WebhookMade _,
                    FleetEvent.WebhookEnded _, FleetEvent.LogDoubted _, FleetEvent.LogAccepted _,
                    FleetEvent.LogTrusted _ -> { }
            case FleetEvent.RolloutCompleted done -> rollouts.remove(done.rollout());
            case FleetEvent.RolloutSuperseded done -> rollouts.remove(done.rollout());
        }
    }

    private void declare(FleetEvent.FleetApplied applied) {
        var before = new HashMap<CellId, RingNumber>();
        spec.ifPresent(known -> known.rings().forEach(ring ->
                ring.cells().forEach(cell -> before.put(cell.cell(), ring.ring()))));
        spec = Optional.of(applied.spec());
        var gone = new HashSet<>(before.keySet());
        for (var ring : applied.spec().rings()) {
            for (var declared : ring.cells()) {
                gone.remove(declared.cell());
                var known = before.get(declared.cell());
                if (!ring.ring().equals(known)) {
                    var cell = cell(declared.cell());
                    cell.since = applied.at();
                    cell.moved = known != null && known.value() >= 0 && ring.ring().value() >= 0;
                }
            }
        }
        cells.keySet().removeAll(gone);
        rulings.keepOnly(applied.spec());
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
            cell.tries.forget(Step.QA);
            var versions = begun.computeIfAbsent(asked.request.ring(), _ -> new ArrayList<>());
            if (!versions.contains(asked.request.version())
                    && !provedAt.containsKey(new InRing(asked.request.ring(), asked.request.version()))) {
                versions.add(asked.request.version());
            }
            cell.moved = false;
            cell.wanted = Optional.empty();
            cell.deployedAt = Instant.MAX;
            cell.verdict = Optional.empty();
            cell.healthySince = Instant.MAX;
        } else if (started.attempt().step() == Step.PDM) {
            cell.migrationBegun.put(asked.request.version(), started.at());
            cell.pdmWanted = false;
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
        cell.tries.ended(asked, finished);
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
                    cell.pdmAsked.removeAll(undone);
                    cell.tries.forget(Step.values());
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
        cell.everReached |= observed.reachable();
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
        cell.wanted = Optional.of(asked.version());
        cell.tries.forget(Step.values());
        cell.hold = cell.hold.filter(hold -> !hold.version().equals(asked.version()));
        softFailures.getOrDefault(asked.version(), new HashMap<>()).remove(asked.cell());
        if (cell.deployment.filter(deployed -> deployed.request.version().equals(asked.version())).isPresent()) {
            cell.verdict = Optional.empty();
            cell.healthySince = Instant.MAX;
        }
    }
}
