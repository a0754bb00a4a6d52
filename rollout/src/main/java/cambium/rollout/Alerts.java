package cambium.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Finds what somebody has to know of now, from the fleet and the plan made for it.
public final class Alerts {
    /// Waits that only a person ends, or that nobody understands.
    public static final Set<Wait.Code> STANDING_STILL = Set.of(Wait.Code.NO_PROGRESS, Wait.Code.TRIES_SPENT,
            Wait.Code.ROLLBACK_REFUSED, Wait.Code.UNREACHABLE, Wait.Code.UNKNOWN);
    /// For how long what happened once is told.
    public static final Duration CALLED_FOR = Duration.ofMinutes(5);
    public static final Duration FAILURE_TOLD_FOR = Duration.ofMinutes(10);
    /// Of one kind, so that a network that is away does not bury what else is wrong; one more says how many there are.
    public static final int MAX_OF_A_KIND = 100;

    private final Fleet fleet;
    private final Plan plan;
    private final Instant now;

    private Alerts(Fleet fleet, Plan plan, Instant now) {
        this.fleet = fleet;
        this.plan = plan;
        this.now = now;
    }

    /// In order of kind and subject; also those whose time has not come yet.
    public static List<Alert> in(Fleet fleet, Plan plan, Instant now) {
        var finder = new Alerts(fleet, plan, now);
        var all = new ArrayList<Alert>();
        for (var kind : EnumSet.allOf(Alert.Kind.class)) {
            var found = finder.of(kind).sorted(Comparator.comparing(Alert::subject).thenComparing(Alert::detail))
                    .toList();
            all.addAll(found.subList(0, Math.min(MAX_OF_A_KIND, found.size())));
            if (found.size() > MAX_OF_A_KIND) {
                all.add(new Alert(kind, new Scope.FleetWide(), "more", "and " + (found.size() - MAX_OF_A_KIND)
                        + " more", Optional.empty()));
            }
        }
        return List.copyOf(all);
    }

    /// Versions that are blocked and still matter: a cell runs them, or none came after them.
    public static Stream<VersionRecord> blocked(Fleet fleet) {
        return fleet.versions().values().stream().filter(version -> version.blocked().isPresent())
                .filter(version -> version.equals(fleet.versions().lastEntry().getValue())
                        || fleet.cells().values().stream().anyMatch(cell -> cell.sight()
                        .flatMap(Cell.Sight::version).filter(version.version()::equals).isPresent()));
    }

    private Stream<Alert> of(Alert.Kind kind) {
        return switch (kind) {
            case LOG_CHANGED -> fleet.log().flaw().stream().map(flaw -> new Alert(kind, new Scope.FleetWide(), "",
                    flaw.told(), fleet.log().doubt().map(LogTrust.Doubt::since)));
            case SOMEBODY_IS_CALLED -> fleet.pages().entrySet().stream()
                    .filter(page -> page.getValue().at().plus(CALLED_FOR).isAfter(now))
                    .map(page -> new Alert(kind, page.getValue().subject(), page.getKey(), page.getValue().text(),
                            Optional.of(page.getValue().at())));
            case STEP_FAILED -> fleet.cells().values().stream().flatMap(cell -> cell.attempts().values().stream())
                    .flatMap(this::failed);
            case VERSION_BLOCKED -> blocked(fleet).map(version -> new Alert(kind,
                    new Scope.OfVersion(version.version()), "", version.version() + " is "
                    + version.blocked().orElseThrow().ground().word() + ": " + version.blocked().get().why(),
                    Optional.of(version.blocked().get().at())));
            case NOT_CONVERGING -> waits(kind, STANDING_STILL);
            case RING_BEHIND -> TooFarBehind.in(fleet, now).stream().map(late -> new Alert(kind,
                    new Scope.OfRing(late.ring()), "", late.text(), Optional.empty()));
            case CELL_DRIFTED -> waits(kind, Set.of(Wait.Code.DRIFTED));
            case BRAKE_ON_LONG -> fleet.brakes().values().stream()
                    .filter(brake -> !brake.scope().equals(BrakeDrill.SCOPE)).map(brake -> new Alert(kind,
                    brake.scope(), "", brake.told() + "; it is on since " + WholeSeconds.at(brake.since()),
                    Optional.of(brake.since())));
            case GATE_WITHOUT_DATA -> waits(kind, Set.of(Wait.Code.NO_DATA));
            case CLOCK_WRONG -> Stream.empty();
        };
    }

    private Stream<Alert> waits(Alert.Kind kind, Set<Wait.Code> codes) {
        var echoes = new Echoes(plan.waits());
        return plan.waits().stream().filter(wait -> codes.contains(wait.code())).map(wait -> new Alert(kind,
                wait.subject(), wait.code().word(), wait.text(), Optional.empty(), echoes.of(wait).map(cause ->
                new Alert.Key(kind, cause.subject(), cause.code().word()))));
    }

    /// What a person cancelled has not failed.
    private Stream<Alert> failed(Attempt attempt) {
        boolean failed = attempt.finishedAt().filter(end -> end.plus(FAILURE_TOLD_FOR).isAfter(now)).isPresent()
                && !attempt.succeeded() && !attempt.cancelled();
        return failed ? Stream.of(new Alert(Alert.Kind.STEP_FAILED, new Scope.OfCell(attempt.id().cell()),
                attempt.id().toString(), attempt.id() + ": " + CellStandings.ending(attempt), attempt.finishedAt()))
                : Stream.empty();
    }
}
