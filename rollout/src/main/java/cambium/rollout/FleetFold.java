package cambium.rollout;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/// The working copy of one fold. Facts about what is unknown, ended or repeated change nothing but the revision.
final class FleetFold {
    private final TreeMap<CellId, Cell> cells;
    private final TreeMap<RingNumber, Ring> rings;
    private final TreeMap<Integer, Rollout> rollouts;
    private final LinkedHashMap<ProductVersion, VersionRecord> versions;
    private final TreeMap<Scope, Brake> brakes;
    private final TreeMap<Scope, Pin> pins;
    private final LinkedHashMap<String, Fleet.Page> pages;
    private Optional<FleetSpec> spec;
    private Optional<BrakeDrill> drill;
    private Trials trials;
    private LogTrust log;
    private long revision;

    FleetFold(Fleet fleet) {
        cells = new TreeMap<>(fleet.cells());
        rings = new TreeMap<>(fleet.rings());
        rollouts = new TreeMap<>(fleet.rollouts());
        versions = new LinkedHashMap<>(fleet.versions());
        brakes = new TreeMap<>(fleet.brakes());
        pins = new TreeMap<>(fleet.pins());
        pages = new LinkedHashMap<>(fleet.pages());
        spec = fleet.spec();
        drill = fleet.drill();
        trials = fleet.trials();
        log = fleet.log();
        revision = fleet.revision();
    }

    Fleet fleet() {
        return new Fleet(revision, spec, cells, rings, rollouts, versions, brakes, pins, pages, drill,
                trials, log);
    }

    void apply(FleetEvent event) {
        revision++;
        switch (event) {
            case FleetEvent.FleetApplied applied -> declare(applied.spec(), applied.at());
            case FleetEvent.VersionRegistered registered ->
                versions.putIfAbsent(registered.version(), VersionRecord.registered(registered));
            case FleetEvent.RolloutStarted started -> start(started);
            case FleetEvent.RingOpened opened -> open(opened);
            case FleetEvent.RingAdmitted(var _, var version, var ring) -> version(version, it -> it.admittedTo(ring));
            case FleetEvent.RingConverged(var at, var rollout, var _, var ring) ->
                target(ring, rollout, target -> target.converged(at));
            case FleetEvent.RingReopened(var _, var rollout, var _, var ring, var _) ->
                target(ring, rollout, Ring.Target::reopened);
            case FleetEvent.RingBaked baked -> bake(baked);
            case FleetEvent.AttemptRequested requested ->
                cell(requested.attempt().cell(), cell -> request(cell, requested));
            case FleetEvent.AttemptStarted started -> begin(started);
            case FleetEvent.AttemptWithheld(var at, var id, var why) -> attempt(id, Attempt.State.Requested.class,
                    (cell, attempt) -> cell.withAttempt(attempt.with(new Attempt.State.Withheld(at, why))));
            case FleetEvent.AttemptFinished finished -> attempt(finished.attempt(), Attempt.State.Started.class,
                    (cell, attempt) -> finish(cell, attempt, finished));
            case FleetEvent.CellObserved observed -> cell(observed.cell(), cell -> observe(cell, observed));
            case FleetEvent.VerdictReached reached -> {
                cell(reached.cell(), cell -> judge(cell, reached));
                show(reached.cell());
            }
            case FleetEvent.CellFailed failed -> fail(failed);
            case FleetEvent.PdmAsked asked -> asked.cells().forEach(id -> cell(id, cell -> askPdm(cell, asked)));
            case FleetEvent.RingApproved approved ->
                version(approved.version(), version -> version.with(version.approvals().with(approved)));
            case FleetEvent.ApprovalWithdrawn withdrawn ->
                version(withdrawn.version(), version -> version.with(version.approvals().without(withdrawn)));
            case FleetEvent.VersionGraduated(var at, var _, var version) -> version(version, it -> it.graduated(at));
            case FleetEvent.VersionBlocked blocked -> block(blocked);
            case FleetEvent.VersionReleased released -> release(released);
            case FleetEvent.RolloutCompleted(var at, var rollout, var _) -> end(rollout, Rollout.State.COMPLETE, at);
            case FleetEvent.RolloutSuperseded(var at, var rollout, var _, var _) ->
                end(rollout, Rollout.State.SUPERSEDED, at);
            case FleetEvent.BrakeSet(var at, var by, var scope, var why, var until, var cancels) ->
                brakes.put(scope, new Brake(scope, by, why, at, until, cancels));
            case FleetEvent.BrakeReleased(var _, var _, var scope, var _) -> brakes.remove(scope);
            case FleetEvent.PinSet(var at, var by, var scope, var version, var why, var until) ->
                pins.put(scope, new Pin(scope, version, by, why, at, until));
            case FleetEvent.PinReleased(var _, var _, var scope, var _) -> pins.remove(scope);
            case FleetEvent.RollbackAsked asked -> asked.cells().forEach(id -> cell(id, cell -> hold(cell, asked)));
            case FleetEvent.RetryAsked asked -> retry(asked);
            case FleetEvent.CellDutyChanged(var at, var by, var id, var duty, var why) ->
                cell(id, cell -> cell.with(cell.membership().on(duty, by, why, at)));
            case FleetEvent.PageRaised raised -> page(raised);
            case FleetEvent.BrakeDrilled drilled -> drill = Optional.of(BrakeDrill.after(drill, drilled));
            case FleetEvent.LogDoubted doubted -> log = log.after(doubted);
            case FleetEvent.LogAccepted known -> log = log.after(known);
            case FleetEvent.LogTrusted _ -> log = log.trusted();
            case FleetEvent.TryDenied _, FleetEvent.WebhookMade _, FleetEvent.WebhookEnded _ -> { }
        }
    }

    private void fail(FleetEvent.CellFailed failed) {
        version(failed.version(), version -> version.withFailure(failed.cell(), new VersionRecord.Failure(
                failed.ring(), failed.attempt(), failed.why(), failed.soft(), failed.at())));
    }

    private Cell askPdm(Cell cell, FleetEvent.PdmAsked asked) {
        return pardoned(cell.withPdmAsked(Optional.of(asked.version())), asked.version(), Step.PDM);
    }

    private void declare(FleetSpec next, Instant at) {
        var known = new TreeMap<>(cells);
        var knownRings = new TreeMap<>(rings);
        var changed = spec.map(before -> RingByRing.changed(before, next)).orElse(new TreeSet<>());
        cells.clear();
        rings.clear();
        for (var ring : next.rings()) {
            var before = knownRings.getOrDefault(ring.ring(), Ring.fresh(ring.ring()));
            rings.put(ring.ring(), changed.contains(ring.ring()) ? before.changed(at) : before);
            for (var declared : ring.cells()) {
                var cell = known.get(declared.cell());
                cells.put(declared.cell(), cell == null ? Cell.fresh(declared, ring.ring(), at)
                        : cell.withSpec(declared, ring.ring(), at));
            }
        }
        versions.replaceAll((_, version) -> version.with(version.approvals().only(rings)));
        trials = trials.declared(spec, next, at);
        spec = Optional.of(next);
    }

    private void start(FleetEvent.RolloutStarted started) {
        boolean next = started.rollout() == (rollouts.isEmpty() ? 1 : rollouts.lastKey() + 1);
        if (next && versions.containsKey(started.version())) {
            rollouts.put(started.rollout(), new Rollout(started.rollout(), started.version(), started.by(),
                    started.at(), Rollout.State.ACTIVE, started.at(), started.kind(), started.hotfix()));
            version(started.version(), version -> version.with(Approvals.DEFAULT));
        }
    }

    private void open(FleetEvent.RingOpened opened) {
        var ring = rings.get(opened.ring());
        boolean newer = ring != null && ring.target().filter(target -> target.rollout() >= opened.rollout()).isEmpty();
        if (newer && rollouts.containsKey(opened.rollout())) {
            rings.put(opened.ring(), ring.opened(Ring.Target.opened(opened)));
        }
    }

    private void bake(FleetEvent.RingBaked baked) {
        target(baked.ring(), baked.rollout(), target -> target.baked(baked.at()));
        rings.computeIfPresent(baked.ring(), (_, ring) -> ring.withoutOlderThan(baked.rollout()));
        for (var id : baked.cells()) {
            cell(id, cell -> cell.given().filter(given -> given.version().equals(baked.version()))
                    .map(given -> cell.withLastKnownGood(new Cell.Proof(baked.version(), given.attempt(), baked.at())))
                    .orElse(cell));
            show(id);
        }
    }

    private void show(CellId id) {
        if (spec.isPresent() && cells.containsKey(id)) {
            trials = trials.shown(spec.get(), cells.get(id));
        }
    }

    private Cell request(Cell cell, FleetEvent.AttemptRequested requested) {
        var id = requested.attempt();
        if (cell.current().isPresent() || id.tryNumber() < cell.nextTry(id.rollout(), id.step())) {
            return cell;
        }
        return cell.withAttempt(new Attempt(id, requested.ring(), requested.version(), requested.previous(),
                requested.timeout(), requested.at(), new Attempt.State.Requested(),
                cell.tries(id.rollout(), id.step()).ran(), false, requested.kind()));
    }

    private void begin(FleetEvent.AttemptStarted started) {
        attempt(started.attempt(), Attempt.State.Requested.class, (cell, attempt) -> {
            var running = cell.withAttempt(attempt.with(new Attempt.State.Started(started.at())));
            return switch (attempt.id().step()) {
                case DEPLOY -> {
                    target(cell.ring(), attempt.id().rollout(), target -> target.begun(started.at()));
                    yield running.withGiven(new Cell.Given(attempt.version(), attempt.id(), started.at()))
                            .withRetryAsked(Optional.empty(), Optional.empty()).withHealth(Optional.empty())
                            .withPardon(Step.QA, Set.of(attempt.id().rollout()))   // QA of what is put there now
                            .with(running.membership().settled());
                }
                case PDM -> running.withPdm(new Cell.PdmRun(attempt.version(), attempt.id(),
                        Cell.PdmRun.Outcome.RUNNING, started.at()))
                        .withPdmAsked(Optional.empty());
                case QA, ROLLBACK -> running;
            };
        });
    }

    private static Cell finish(Cell cell, Attempt attempt, FleetEvent.AttemptFinished finished) {
        var startedAt = attempt.startedAt().orElseThrow();
        var ended = attempt.with(new Attempt.State.Finished(startedAt, finished.at(), finished.result()));
        var next = cell.withAttempt(ended);
        return switch (attempt.id().step()) {
            case DEPLOY, QA -> next;
            case PDM -> next.withPdm(new Cell.PdmRun(attempt.version(), attempt.id(),
                    ended.succeeded() ? Cell.PdmRun.Outcome.SUCCEEDED : Cell.PdmRun.Outcome.FAILED, startedAt));
            case ROLLBACK -> ended.succeeded() ? restored(next, ended, finished.at()) : next;
        };
    }

    /// A rollback over a PDM (with downtime) leaves the cell with the migrations of the version it went back to.
    private static Cell restored(Cell cell, Attempt attempt, Instant at) {
        var next = cell.withGiven(new Cell.Given(attempt.version(), attempt.id(), at)).withHealth(Optional.empty());
        var left = attempt.previous();
        if (left.isPresent()) {
            next = next.withoutGood(left.get());
        }
        boolean crossed = next.lastKnownGood().filter(good -> good.version().equals(attempt.version()))
                .filter(next::crossed).isPresent();
        return !crossed ? next : next.withPdm(new Cell.PdmRun(attempt.version(), attempt.id(),
                Cell.PdmRun.Outcome.SUCCEEDED, at));
    }

    private static Cell observe(Cell cell, FleetEvent.CellObserved observed) {
        var before = cell.sight();
        if (before.filter(sight -> observed.at().isBefore(sight.at())).isPresent()) {
            return cell;
        }
        var version = observed.reachable() ? observed.version() : before.flatMap(Cell.Sight::version);
        boolean same = before.filter(sight -> sight.reachable() == observed.reachable()
                && sight.version().equals(version)).isPresent();
        return cell.withSight(new Cell.Sight(observed.reachable(),
                observed.reachable() || before.filter(Cell.Sight::everReached).isPresent(), version, observed.at(),
                same ? before.get().since() : observed.at()));
    }

    /// A harmful verdict stays until the version is given anew or released.
    private static Cell judge(Cell cell, FleetEvent.VerdictReached reached) {
        boolean current = cell.given().filter(given -> given.attempt().equals(reached.attempt())
                && given.version().equals(reached.version())).isPresent();
        var known = cell.health().filter(health -> health.attempt().equals(reached.attempt()));
        boolean sticky = known.filter(health -> health.verdict() == Verdict.HARMFUL
                || reached.at().isBefore(health.at())).isPresent();
        if (!current || sticky) {
            return cell;
        }
        var since = known.filter(health -> health.verdict() == reached.verdict()).map(Cell.CellHealth::since)
                .orElse(reached.at());
        return cell.withHealth(Optional.of(new Cell.CellHealth(reached.version(), reached.attempt(), reached.verdict(),
                reached.samples(), reached.evidence().brief(), reached.at(), since)));
    }

    private void block(FleetEvent.VersionBlocked blocked) {
        version(blocked.version(), version -> version.with(Approvals.DEFAULT).withBlocked(
                new VersionRecord.Blocked(blocked.by(), blocked.why(), blocked.at(), blocked.withDowntime(),
                        blocked.ground())));
        if (versions.containsKey(blocked.version())) {
            rings.replaceAll((_, ring) -> ring.without(blocked.version()));
            rollouts.replaceAll((_, rollout) -> rollout.version().equals(blocked.version())
                    ? rollout.became(Rollout.State.BLOCKED, blocked.at()) : rollout);
            var ofVersion = rolloutsOf(blocked.version());
            cells.replaceAll((_, cell) -> pardoned(cell, blocked.version(), ofVersion, Step.ROLLBACK));
        }
    }

    private void release(FleetEvent.VersionReleased released) {
        version(released.version(), VersionRecord::released);
        var ofVersion = rolloutsOf(released.version());
        cells.replaceAll((_, cell) -> pardoned(unjudged(cell, released.version(), released.at()), released.version(),
                ofVersion, Step.DEPLOY));
    }

    /// Judged anew from here on. That nothing is known is remembered with its time, so that a look from before, which
    /// comes late, is no evidence.
    private static Cell unjudged(Cell cell, ProductVersion version, Instant at) {
        return cell.health().filter(health -> health.version().equals(version))
                .map(health -> cell.withHealth(Optional.of(new Cell.CellHealth(version, health.attempt(),
                        Verdict.NO_DATA, 0, Evidence.of("judged anew since a person let it be tried again"), at, at))))
                .orElse(cell);
    }

    private void end(int number, Rollout.State state, Instant at) {
        rollouts.computeIfPresent(number, (_, rollout) ->
                rollout.state() == Rollout.State.ACTIVE ? rollout.became(state, at) : rollout);
    }

    private Cell hold(Cell cell, FleetEvent.RollbackAsked asked) {
        return pardoned(cell.withHold(Optional.of(new Cell.Hold(asked.version(), asked.by(), asked.why(), asked.at(),
                asked.withDowntime()))), asked.version(), Step.ROLLBACK);
    }

    private void retry(FleetEvent.RetryAsked asked) {
        version(asked.version(), version -> version.withoutFailure(asked.cell()));
        cell(asked.cell(), cell -> {
            var free = cell.heldOff(asked.version()) ? cell.withHold(Optional.empty()) : cell;
            var cleared = unjudged(free, asked.version(), asked.at());
            for (var step : Step.values()) {
                cleared = pardoned(cleared, asked.version(), step);
            }
            return cleared.withRetryAsked(Optional.of(asked.version()), asked.kind());
        });
    }

    private void page(FleetEvent.PageRaised raised) {
        pages.putIfAbsent(raised.key(), new Fleet.Page(raised.subject(), raised.text(), raised.at()));
        while (pages.size() > Fleet.MAX_PAGES) {
            pages.pollFirstEntry();
        }
    }

    private Set<Integer> rolloutsOf(ProductVersion version) {
        return rollouts.values().stream().filter(rollout -> rollout.version().equals(version)).map(Rollout::number)
                .collect(Collectors.toSet());
    }

    private Cell pardoned(Cell cell, ProductVersion version, Step step) {
        return pardoned(cell, version, rolloutsOf(version), step);
    }

    /// Rollback attempts are named by the version they leave, the others by the version they bring.
    private static Cell pardoned(Cell cell, ProductVersion version, Set<Integer> rollouts, Step step) {
        return cell.last(step).filter(attempt -> attempt.terminal()
                && (step == Step.ROLLBACK ? attempt.previous().filter(version::equals).isPresent() : attempt.version()
                .equals(version)))
                .map(attempt -> cell.withAttempt(attempt.withPardon())).orElse(cell).withPardon(step, rollouts);
    }

    private interface AttemptChange {
        Cell apply(Cell cell, Attempt attempt);
    }

    private void attempt(AttemptId id, Class<? extends Attempt.State> expected, AttemptChange change) {
        cell(id.cell(), cell -> cell.last(id.step())
                .filter(attempt -> attempt.id().equals(id) && expected.isInstance(attempt.state()))
                .map(attempt -> change.apply(cell, attempt)).orElse(cell));
    }

    private void cell(CellId id, UnaryOperator<Cell> change) {
        cells.computeIfPresent(id, (_, cell) -> change.apply(cell));
    }

    private void version(ProductVersion id, UnaryOperator<VersionRecord> change) {
        versions.computeIfPresent(id, (_, version) -> change.apply(version));
    }

    private void target(RingNumber number, int rollout, UnaryOperator<Ring.Target> change) {
        rings.computeIfPresent(number, (_, ring) -> ring.changed(rollout, change));
    }
}
