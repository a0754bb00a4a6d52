package cambium.rollout;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Puts a fleet into the words of its status.
final class StatusTelling {
    private static final int MOST_HELD_BY = 3;

    private final Fleet fleet;
    private final Plan plan;
    private final Instant now;
    private final Optional<Situation> situation;
    private final Map<Scope, Wait> waits = new HashMap<>();
    private final Map<ProductVersion, Rollout> newest = new HashMap<>();
    private final Map<CellId, CellStanding> standings = new HashMap<>();
    private final Graduates graduates;

    StatusTelling(Fleet fleet, Plan plan, Instant now) {
        this.fleet = fleet;
        this.plan = plan;
        this.now = now;
        situation = fleet.spec().map(spec -> new Situation(fleet, spec, now));
        plan.waits().forEach(wait -> waits.putIfAbsent(wait.subject(), wait));
        graduates = new Graduates(fleet);
        fleet.rollouts().values().forEach(rollout -> newest.put(rollout.version(), rollout));
        situation.ifPresent(known -> known.standings().forEach(ring ->
                ring.members().forEach(member -> standings.put(member.cell().id(), member.standing()))));
    }

    FleetStatus tell() {
        var brakes = fleet.brakes().values().stream().filter(brake -> !brake.scope().equals(BrakeDrill.SCOPE))
                .map(brake -> FleetStatus.BrakeStatus.of(brake, now)).toList();
        var pins = fleet.pins().values().stream().map(pin -> FleetStatus.PinStatus.of(pin, now)).toList();
        var versions = fleet.versions().values().stream().map(this::version).toList();
        var cells = fleet.cells().values().stream().map(this::cell).toList();
        return new FleetStatus(fleet.spec().map(FleetSpec::name).orElse(""), fleet.revision(),
                fleet.spec().map(spec -> OptionalInt.of(spec.perimeter().value())).orElse(OptionalInt.empty()), now,
                brakes, pins, versions, rings(cells), cells, fleet.drill(), paused(),
                Advice.in(fleet), fleet.log().flaw());
    }

    private Optional<FleetStatus.PausedStatus> paused() {
        return situation.flatMap(Lateness::late).map(late -> new FleetStatus.PausedStatus(late.ring().value(),
                late.text(), late.since(), plan.waits().stream().filter(wait -> wait.code() == Wait.Code.PAUSED)
                        .flatMap(wait -> wait.subject() instanceof Scope.OfVersion(var version)
                                ? Stream.of(version.toString()) : Stream.empty()).findFirst(),
                heldBy(new Scope.OfRing(late.ring()))));
    }

    /// The first wait of each subject on the way.
    private List<Wait> heldBy(Scope late) {
        var first = new LinkedHashMap<Scope, Wait>();
        Why.of(fleet, plan, late).chain().forEach(wait -> first.putIfAbsent(wait.subject(), wait));
        return first.values().stream().limit(MOST_HELD_BY).toList();
    }

    private Optional<FleetStatus.WaitStatus> waiting(Scope scope) {
        return Optional.ofNullable(waits.get(scope)).map(FleetStatus.WaitStatus::of);
    }

    private FleetStatus.VersionStatus version(VersionRecord version) {
        var rollout = Optional.ofNullable(newest.get(version.version()));
        String state;
        Instant since;
        if (version.blocked().isPresent()) {
            state = "blocked";
            since = version.blocked().get().at();
        } else if (rollout.isEmpty()) {
            state = "registered";
            since = version.registeredAt();
        } else {
            state = switch (rollout.get().state()) {
                case ACTIVE -> version.graduatedAt().isPresent() ? "graduated" : "rolling";
                case COMPLETE -> "complete";
                case SUPERSEDED -> "superseded";
                case BLOCKED -> "registered";   // released since, and not started again
            };
            since = state.equals("graduated") ? version.graduatedAt().get() : rollout.get().since();
        }
        return new FleetStatus.VersionStatus(version.version().toString(), state, version.graduatedAt().isPresent(),
                since, version.packages(), version.ledger(), rollout.flatMap(Rollout::hotfix),
                released(version).or(() -> waiting(new Scope.OfVersion(version.version()))));
    }

    /// What is blocked waits for a person, which no plan has to say again and again.
    private static Optional<FleetStatus.WaitStatus> released(VersionRecord version) {
        return version.blocked().map(blocked -> FleetStatus.WaitStatus.of(Wait.of(Wait.Code.BLOCKED,
                new Scope.OfVersion(version.version()), blocked.ground().word() + " by " + blocked.by() + ": "
                + blocked.why() + "; cambium release " + version.version() + " lets it start again")));
    }

    private List<FleetStatus.RingStatus> rings(List<FleetStatus.CellStatus> cells) {
        var states = new HashMap<String, String>();
        cells.forEach(cell -> states.put(cell.cell(), cell.state()));
        var rings = new ArrayList<FleetStatus.RingStatus>();
        situation.ifPresent(known -> {
            for (var ring : known.spec.rings()) {
                var members = known.members(ring).toList();
                var names = members.stream().map(cell -> cell.id().toString()).toList();
                var standing = known.standing(ring.ring());
                var waiting = waiting(new Scope.OfRing(ring.ring()));
                rings.add(new FleetStatus.RingStatus(ring.ring().value(), !known.outsidePerimeter(ring.ring()),
                        ringState(standing, names.stream().map(states::get).toList(), waiting.isPresent()),
                        standing.map(target -> target.target().version().toString()), names, waiting,
                        drift(ring, standing, members)));
            }
        });
        return rings;
    }

    private static String ringState(Optional<RingStanding> standing, List<String> cells, boolean waiting) {
        if (cells.contains("rolling-back")) {
            return "rolling-back";
        }
        if (standing.isEmpty()) {
            return cells.contains("failed") ? "failed" : waiting ? "waiting" : "idle";
        }
        if (standing.get().proved()) {
            return "converged";
        }
        if (standing.get().converged()) {
            return "baking";
        }
        return cells.contains("failed") ? "failed" : cells.contains("deploying") ? "deploying"
                : cells.contains("verifying") ? "verifying" : "waiting";
    }

    private FleetStatus.CellStatus cell(Cell cell) {
        var attempt = cell.current().or(() -> cell.given().flatMap(given -> fleet.attempt(given.attempt())));
        return new FleetStatus.CellStatus(cell.id().toString(), cell.spec().kind().name().toLowerCase(Locale.ROOT),
                cell.ring().value(),
                cellState(cell), seen(cell),
                cell.lastKnownGood().map(proof -> proof.version().toString()),
                cell.pdm().filter(run -> run.outcome() == Cell.PdmRun.Outcome.SUCCEEDED)
                .map(run -> run.version().toString()),
                attempt.map(known -> known.id().toString()),
                cell.health().map(health -> new FleetStatus.HealthStatus(health.verdict().word(), health.evidence()
                .text(), health.at())),
                waiting(new Scope.OfCell(cell.id())), drift(cell));
    }

    private FleetStatus.RingDrift drift(RingSpec ring, Optional<RingStanding> standing, List<Cell> members) {
        var behind = graduates.behind(members, now);
        long drifted = standing.map(target -> members.stream().filter(cell ->
                !cell.runs(target.target().version())).count()).orElse(0L);
        var running = members.stream().collect(Collectors.groupingBy(StatusTelling::seen, Collectors.counting()));
        var most = Map.Entry.<Optional<String>, Long>comparingByValue().reversed()
                .thenComparing(entry -> entry.getKey().orElse(""));
        return new FleetStatus.RingDrift((int) drifted, running.entrySet().stream().sorted(most).map(entry ->
                new FleetStatus.Running(entry.getKey(), entry.getValue().intValue())).toList(),
                behind, TooFarBehind.in(ring, behind, graduates, now).map(TooFarBehind::text).findFirst());
    }

    private static Optional<String> seen(Cell cell) {
        return cell.sight().flatMap(Cell.Sight::version).map(ProductVersion::toString);
    }

    private FleetStatus.DriftStatus drift(Cell cell) {
        var duty = cell.membership().duty();
        boolean off = cell.membership().offDuty(now);
        var target = situation.flatMap(known -> known.standing(cell.ring())).map(RingStanding::target);
        return new FleetStatus.DriftStatus(target.map(known -> known.version().toString()),
                target.map(Ring.Target::openedAt), graduates.behind(cell),
                off ? duty.word() : new Duty.OnDuty().word(),
                off ? Optional.of(cell.membership().why()) : Optional.empty());
    }

    private String cellState(Cell cell) {
        var current = cell.current();
        if (current.isPresent()) {
            return switch (current.get().id().step()) {
                case DEPLOY -> "deploying";
                case QA -> "verifying";
                case PDM -> "pdm";
                case ROLLBACK -> "rolling-back";
            };
        }
        var wait = Optional.ofNullable(waits.get(new Scope.OfCell(cell.id())));
        if (wait.filter(known -> known.code() == Wait.Code.UNKNOWN).isPresent()) {
            return "unknown";
        }
        if (Trouble.of(fleet, cell).isPresent()) {
            return "failed";
        }
        if (cell.sight().isPresent() && cell.sight().get().everReached() && !cell.reachable()
                && wait.filter(known -> known.code() == Wait.Code.SETTLING).isEmpty()) {
            return "unreachable";
        }
        return cell.given().isEmpty() ? "new" : settledState(cell, standings.get(cell.id()));
    }

    private static String settledState(Cell cell, CellStanding standing) {
        return switch (standing) {
            case CellStanding.Converged(boolean proved, var _) -> proved ? "healthy" : "baking";
            case CellStanding.Excused(var wait) when wait.code() != Wait.Code.FAILED
                    && wait.code() != Wait.Code.DRIFTED -> resting(cell);   // its ring goes on without it, by a word
            case CellStanding.Excused _, CellStanding.Failing _ -> "failed";
            case CellStanding.Moving _ -> "verifying";
            case CellStanding.Ready _, CellStanding.Pending _, CellStanding.Stuck _ -> resting(cell);
            case null -> resting(cell);
        };
    }

    /// A cell that waits for its next version is judged by the one it has.
    private static String resting(Cell cell) {
        return cell.given().filter(given -> cell.provedGood(given.version())).isPresent() ? "healthy"
                : cell.last(Step.DEPLOY).filter(attempt -> attempt.terminal() && !attempt.succeeded()
                        && !attempt.cancelled()).isPresent()
                ? "failed" : "verifying";
    }
}
