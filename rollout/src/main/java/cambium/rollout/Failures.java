package cambium.rollout;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Records where versions failed, and blocks what failed on more cells than a ring tolerates. What a version did to a
/// cell counts also where the cell's ring takes another one by now, or where the cell was moved to.
final class Failures {
    private final Situation situation;
    private final Draft draft;
    private final Set<ProductVersion> blocked = new HashSet<>();

    Failures(Situation situation, Draft draft) {
        this.situation = situation;
        this.draft = draft;
    }

    void decide() {
        situation.standings().forEach(this::ofMembers);
        ofOthers();
    }

    private void ofMembers(RingStanding standing) {
        var ring = standing.spec();
        var version = situation.version(standing.target().version());
        var reasons = new ArrayList<String>();
        boolean mandatory = false;
        for (var member : standing.members()) {
            if (member.standing() instanceof CellStanding.Failing(var attempt, var why)) {
                boolean soft = member.late() || onlyTests(ring, member.cell())
                        || repair(member.cell(), attempt, version.version());
                draft.decide(new Decision.Fail(member.cell().id(), ring.ring(), version.version(), attempt, why, soft));
                if (!soft) {
                    reasons.add("cell " + member.cell().id() + ": " + why);
                    mandatory |= ring.policy().mandatory().includes(member.cell().spec());
                }
            }
        }
        var still = Standstill.since(situation, standing);
        if (still.isPresent() && ring.policy().pace().progress().orElseThrow().fail() && reasons.isEmpty()) {
            block(version.version(), "ring " + ring.ring() + ": " + Standstill.wait(standing, still.get()).text());
            return;
        }
        long here = CellStandings.failuresOfMembers(situation.fleet, version, ring);
        boolean noneLeft = here + reasons.size() > 0 && standing.members().stream().allMatch(member ->
                member.standing() instanceof CellStanding.Failing || member.standing() instanceof CellStanding.Excused);
        long failures = CellStandings.hardFailures(version, ring.ring()) + reasons.size();
        if (failures > ring.policy().toleratedFailures() || noneLeft || mandatory) {
            block(version, ring.ring(), reasons);
        }
    }

    /// A deployment that failed where the version had been baked before says nothing against the version.
    private static boolean repair(Cell cell, AttemptId attempt, ProductVersion version) {
        return cell.provedGood(version) && !cell.lastKnownGood().orElseThrow().attempt().equals(attempt)
                && cell.health().filter(health -> health.verdict() == Verdict.HARMFUL).isEmpty();
    }

    private static boolean onlyTests(RingSpec ring, Cell cell) {
        return ring.policy().qa() == RingPolicy.Qa.SOFT && cell.spec().kind() == CellSpec.Kind.QA;
    }

    /// @param ring that put the version there, and whose budget it was
    private record Other(Cell cell, RingSpec ring, AttemptId attempt, String why) {}

    /// As for members: what fails on a cell that came after the ring, or every ring, had proved the version says
    /// nothing against it. The fleet may have to go back to that version.
    private boolean soft(Other other) {
        boolean complete = Optional.ofNullable(situation.fleet.rollouts().get(other.attempt.rollout()))
                .filter(rollout -> rollout.state() == Rollout.State.COMPLETE).isPresent();
        var proved = Optional.ofNullable(situation.fleet.rings().get(other.ring.ring())).stream()
                .flatMap(ring -> ring.targets().stream())
                .filter(target -> target.rollout() == other.attempt.rollout())
                .flatMap(target -> target.provedAt().stream()).findFirst();
        return onlyTests(other.ring, other.cell) || complete
                || proved.filter(other.cell.given().orElseThrow().at()::isAfter).isPresent();
    }

    /// Cells that were given a version and are not among those that their ring brings to it.
    private void ofOthers() {
        var found = new TreeMap<ProductVersion, List<Other>>();
        for (var cell : situation.fleet.cells().values()) {
            cell.given().map(Cell.Given::version).filter(version -> counts(cell, version)).flatMap(version ->
                    other(cell, version)).ifPresent(other -> found.computeIfAbsent(cell.given().orElseThrow().version(),
                    _ -> new ArrayList<>()).add(other));
        }
        found.forEach(this::record);
    }

    /// Whether a failure of what the cell was given would be news, and of somebody's concern.
    private boolean counts(Cell cell, ProductVersion version) {
        var known = situation.fleet.version(version).filter(record -> record.blocked().isEmpty()
                && !record.failures().containsKey(cell.id()));
        boolean member = cell.ring().value() < 0 || situation.standing(cell.ring())
                .filter(standing -> standing.target().version().equals(version)).isPresent();
        return known.isPresent() && !member && !cell.membership().offDuty(situation.now) && !cell.heldOff(version);
    }

    private Optional<Other> other(Cell cell, ProductVersion version) {
        var harm = cell.harm(version);
        if (harm.isPresent()) {
            return Optional.of(new Other(cell, ring(cell, harm.get().attempt()), harm.get().attempt(),
                    harm.get().why()));
        }
        var given = cell.given().orElseThrow().attempt();
        return cell.last(Step.DEPLOY).filter(attempt -> attempt.id().equals(given) && attempt.failed()
                && !repair(cell, given, version)).flatMap(attempt -> {
            var ring = ring(cell, given);
            return attempt.ran() <= ring.policy().retries() ? Optional.empty()
                    : Optional.of(new Other(cell, ring, given, CellStandings.ending(attempt)));
        });
    }

    /// The ring that the attempt was made for, or where the cell is now if that one is no more.
    private RingSpec ring(Cell cell, AttemptId attempt) {
        return cell.last(Step.DEPLOY).filter(known -> known.id().equals(attempt)).map(Attempt::ring)
                .filter(ring -> ring.value() >= 0).flatMap(situation.spec::ring)
                .or(() -> situation.spec.ring(cell.ring())).orElseThrow();
    }

    private void record(ProductVersion named, List<Other> others) {
        var version = situation.version(named);
        var rings = new TreeMap<RingNumber, List<Other>>();
        for (var other : others) {
            boolean soft = soft(other);
            draft.decide(new Decision.Fail(other.cell.id(), other.ring.ring(), named, other.attempt, other.why, soft));
            if (soft) {
                continue;
            }
            Stream.of(other.ring.ring(), other.cell.ring()).distinct().forEach(ring ->
                    rings.computeIfAbsent(ring, _ -> new ArrayList<>()).add(other));
        }
        rings.forEach((number, failed) -> {
            var ring = situation.spec.ring(number).orElseThrow();
            long before = Math.max(CellStandings.hardFailures(version, number),
                    CellStandings.failuresOfMembers(situation.fleet, version, ring));
            boolean mandatory = failed.stream().anyMatch(other -> ring.policy().mandatory()
                    .includes(other.cell.spec()));
            if (before + failed.size() > ring.policy().toleratedFailures() || mandatory) {
                block(version, number, failed.stream().map(other -> "cell " + other.cell.id() + ": " + other.why)
                        .toList());
            }
        });
    }

    /// @param reasons of the failures that this plan records; those recorded before are known to the version
    private void block(VersionRecord version, RingNumber ring, List<String> reasons) {
        var all = new ArrayList<>(reasons);
        version.failures().forEach((cell, failure) -> {
            if (!failure.soft()) {
                all.add("cell " + cell + ": " + failure.why());
            }
        });
        block(version.version(), "failed in ring " + ring + ", " + all.getFirst()
                + (all.size() > 1 ? " (and " + (all.size() - 1) + " more)" : ""));
    }

    private void block(ProductVersion version, String why) {
        if (blocked.add(version)) {
            draft.decide(new Decision.Block(version, why));
        }
    }
}
