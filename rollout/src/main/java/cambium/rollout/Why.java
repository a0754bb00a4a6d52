package cambium.rollout;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/// Why a cell, ring or version is where it is: the unmet conditions, nearest first, each with the earliest instant it
/// can be met where time alone decides.
public record Why(Scope subject, String text, List<Wait> chain) {
    static final int MAX_LINKS = 50;

    public Why {
        chain = List.copyOf(chain);
    }

    public static Why of(Fleet fleet, Plan plan, Scope subject) {
        var links = new ArrayList<Wait>();
        var asked = new LinkedHashSet<Scope>();
        var toAsk = new ArrayDeque<>(List.of(subject));
        toAsk.addAll(around(fleet, subject));
        while (!toAsk.isEmpty() && links.size() < MAX_LINKS) {
            var scope = toAsk.poll();
            if (asked.add(scope)) {
                for (var wait : plan.waits()) {
                    if (wait.subject().equals(scope) && links.size() < MAX_LINKS) {
                        links.add(wait);
                        toAsk.addAll(behind(fleet, wait));
                    }
                }
            }
        }
        return new Why(subject, links.isEmpty() ? atRest(fleet, subject) : links.getFirst().text(), links);
    }

    /// A cell that waits for nothing of its own still stands where its ring stands.
    private static List<Scope> around(Fleet fleet, Scope subject) {
        return subject instanceof Scope.OfCell(var cell)
                ? fleet.cell(cell).map(known -> List.<Scope>of(new Scope.OfRing(known.ring()))).orElse(List.of())
                : List.of();
    }

    /// Where to look for what a wait rests on.
    private static List<Scope> behind(Fleet fleet, Wait wait) {
        return switch (wait.subject()) {
            case Scope.OfRing(var ring) -> switch (wait.code()) {
                case INNER_RING, OVERTAKEN -> ring.value() > 0 ? List.of(new Scope.OfRing(ring.inner())) : List.of();
                case PAUSED -> fleet.rings().keySet().stream().filter(other -> other.value() > 0)
                        .<Scope>map(Scope.OfRing::new).toList();
                case OUTER_RING -> List.of(new Scope.OfRing(ring.next()));
                case NOT_GRADUATED, PDM, PDM_GRACE, PDM_MANUAL -> fleet.spec()
                        .map(spec -> List.<Scope>of(new Scope.OfCell(spec.mainCell().cell())))
                        .orElse(List.of());
                case NO_FLEET, BRAKED, PINNED, BAKING, BLOCKED, WINDOW, APPROVAL -> List.of();
                case CHANNEL, REQUESTED, RUNNING, UNOBSERVED, SETTLING, UNREACHABLE, UNKNOWN, NO_DATA, SAMPLES, QA,
                        OLDER_VERSION,
                        AT_ONCE, START_RATE, BACKING_OFF, NO_PROGRESS, CANARY_FIRST, DEFERRED, LEAVING, QUARANTINED,
                        JOINING, MOVED, DRIFTED, HELD, FAILED, ROLLBACK_REFUSED, TRIES_SPENT -> cellsOf(fleet, ring);
            };
            case Scope.OfCell cell -> around(fleet, cell);
            case Scope.OfVersion _ when wait.code() == Wait.Code.PAUSED ->
                    List.of(new Scope.OfRing(RingNumber.INNERMOST));
            case Scope.OfVersion(var version) -> fleet.rings().reversed().values().stream()
                    .filter(ring -> ring.target().filter(target -> target.version().equals(version)).isPresent())
                    .<Scope>map(ring -> new Scope.OfRing(ring.number())).toList();
            case Scope.FleetWide() -> List.of();
        };
    }

    private static List<Scope> cellsOf(Fleet fleet, RingNumber ring) {
        return fleet.cells().values().stream().filter(cell -> cell.ring().equals(ring)).<Scope>map(cell ->
                new Scope.OfCell(cell.id())).toList();
    }

    private static String atRest(Fleet fleet, Scope subject) {
        return switch (subject) {
            case Scope.FleetWide() -> "nothing waits";
            case Scope.OfRing(var ring) -> fleet.rings().containsKey(ring) ? fleet.rings().get(ring).target()
                    .map(target -> "ring " + ring + " runs " + target.version() + " and waits for nothing")
                    .orElse("ring " + ring + " has been given nothing yet") : "the fleet has no ring " + ring;
            case Scope.OfCell(var cell) -> fleet.cell(cell).map(known -> known.given()
                    .map(given -> "cell " + cell + " has " + given.version() + " and waits for nothing"
                            + pinned(fleet, known) + backFrom(fleet, known))
                    .orElse("cell " + cell + " has been given nothing yet")).orElse("the fleet has no cell " + cell);
            case Scope.OfVersion(var version) -> fleet.version(version).map(known -> known.blocked()
                    .map(blocked -> version + " is " + blocked.ground().word() + " by "
                            + blocked.by() + ": " + blocked.why())
                            .orElseGet(() -> fleet.rolloutOf(version)
                            .map(rollout -> "rollout " + rollout.number() + " of " + version + " is "
                                    + rollout.state().name().toLowerCase(java.util.Locale.ROOT) + " since "
                                    + rollout.since())
                            .orElse(version + " is registered, but no rollout was started")))
                    .orElse("version " + version + " is unknown");
        };
    }

    /// What the cell was brought back from, and why, where nothing was put on it since.
    private static String backFrom(Fleet fleet, Cell cell) {
        return cell.last(Step.ROLLBACK).filter(attempt -> cell.given().filter(given -> given.attempt()
                .equals(attempt.id())).isPresent()).map(attempt -> "; it was brought back from " + attempt.previous()
                .map(ProductVersion::toString).orElse("what it had") + " at "
                + WholeSeconds.at(attempt.finishedAt().orElseThrow())
                + attempt.previous().flatMap(fleet::version).flatMap(VersionRecord::blocked)
                .map(blocked -> ", " + blocked.ground().word() + ": " + blocked.why()).orElse("")).orElse("");
    }

    private static String pinned(Fleet fleet, Cell cell) {
        return Stream.of(new Scope.OfCell(cell.id()), new Scope.OfRing(cell.ring())).map(fleet.pins()::get)
                .filter(Objects::nonNull).map(pin -> "; " + pin.scope() + " is pinned to " + pin.version() + " by "
                + pin.by() + ": " + pin.why()).findFirst().orElse("");
    }
}
