package cambium.server.fleet.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.AttemptId;
import cambium.rollout.AttemptResult;
import cambium.rollout.CellId;
import cambium.rollout.CellSpec;
import cambium.rollout.Duty;
import cambium.rollout.Fleet;
import cambium.rollout.FleetEvent;
import cambium.rollout.FleetSpec;
import cambium.rollout.ProductVersion;
import cambium.rollout.RingNumber;
import cambium.rollout.RingPolicy;
import cambium.rollout.RingSpec;
import cambium.rollout.Verdict;
import cambium.rollout.health.HealthSample;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Two rings of many cells, of which the inner runs a new version and is watched.
class ManyWatchedCellsTest {
    private static final int INSIDE = 120;
    private static final int OUTSIDE = 30;
    private static final Instant START = Instant.parse("2026-11-21T12:00:00Z");
    private static final Instant DEPLOYED = START.plusSeconds(3_600);
    private static final ProductVersion VERSION = ProductVersion.of("1.0");
    /// A fleet of 5,000 is looked at that often.
    private static final Duration INTERVAL = Duration.ofSeconds(20);
    private static final SampleSource SOURCE = new HandedSamples.Handed(Duration.ofSeconds(6));

    private final Fleet fleet = fleet();
    private final Map<CellId, CellHistory> histories = new HashMap<>();
    private final CellJudge judge = new CellJudge();

    private static CellId cell(int number) {
        return CellId.of("c" + number);
    }

    private static Fleet fleet() {
        var rings = List.of(ring(RingNumber.INNERMOST, 0, INSIDE), ring(RingNumber.of(1), INSIDE, INSIDE + OUTSIDE));
        var events = new ArrayList<FleetEvent>(List.of(new FleetEvent.FleetApplied(START, "anna", new FleetSpec("f",
                new FleetSpec.Product("a/b", "debian/bookworm", List.of("p")), RingNumber.of(1),
                FleetSpec.Graduation.AUTOMATIC, rings)),
                new FleetEvent.VersionRegistered(START, "anna", VERSION, List.of()),
                new FleetEvent.RolloutStarted(START, "anna", 1, VERSION),
                new FleetEvent.RingOpened(START, 1, VERSION, RingNumber.INNERMOST)));
        for (int i = 0; i < INSIDE; i++) {
            var attempt = AttemptId.of("r1.c" + i + ".deploy.1");
            events.addAll(List.of(
                    new FleetEvent.AttemptRequested(DEPLOYED, attempt, RingNumber.INNERMOST, VERSION, Optional.empty(),
                            Duration.ofMinutes(10)),
                    new FleetEvent.AttemptStarted(DEPLOYED, attempt),
                    new FleetEvent.AttemptFinished(DEPLOYED, attempt, new AttemptResult.Succeeded()),
                    new FleetEvent.CellObserved(DEPLOYED.plusSeconds(1), cell(i), true, Optional.of(VERSION))));
        }
        for (int i = INSIDE; i < INSIDE + OUTSIDE; i++) {
            events.add(new FleetEvent.CellObserved(DEPLOYED, cell(i), true, Optional.of(ProductVersion.of("0.9"))));
        }
        return Fleet.empty().after(events);
    }

    private static RingSpec ring(RingNumber number, int from, int to) {
        return new RingSpec(number, RingPolicy.DEFAULT, IntStream.range(from, to).mapToObj(i -> new CellSpec(cell(i),
                i == 0 ? CellSpec.Kind.MAIN : CellSpec.Kind.SECONDARY, "local", Optional.of("http://cell/health/" + i),
                Optional.of("http://cell/metrics/" + i), new TreeMap<>())).toList());
    }

    /// A hundred requests a second and no error, read every `INTERVAL`.
    private void read(Instant until) {
        fleet.cells().keySet().forEach(cell -> histories.computeIfAbsent(cell, _ -> new CellHistory()));
        for (var at = START; !at.isAfter(until); at = at.plus(INTERVAL)) {
            var sample = HealthSample.counting(at, 100.0 * Duration.between(START, at).toSeconds(), 0);
            histories.values().forEach(history -> history.add(sample));
        }
    }

    private Map<CellId, FleetEvent.VerdictReached> verdicts(Instant now) {
        var found = new TreeMap<CellId, FleetEvent.VerdictReached>();
        judge.verdicts(fleet, cell -> Optional.ofNullable(histories.get(cell)), SOURCE, INTERVAL, now)
                .forEach(verdict -> found.put(verdict.cell(), verdict));
        return found;
    }

    @Test
    void aRoundJudgesSomeAndTheNextOnesTheOthersBeforeAnyTwice() {
        var read = DEPLOYED.plusSeconds(300);
        read(read);
        int rounds = 0;
        int judged = 0;
        do {
            var now = read.plusMillis(100L * ++rounds);
            int known = verdicts(now).size();
            assertTrue(known > judged && known - judged <= 50, known + " after " + judged);
            judged = known;
        } while (judge.hasMore());
        assertEquals(INSIDE, judged);
        assertEquals(3, rounds);
        var all = verdicts(read.plusSeconds(1));
        assertEquals(INSIDE, all.size(), "verdicts are kept");
        all.values().forEach(each -> assertEquals(Verdict.HEALTHY, each.verdict(), each.evidence().text()));
    }

    /// Otherwise no ring of a fleet so large would ever have baked: what is looked at every 20 s would be unknown for
    /// most of the time.
    @Test
    void aReadingSaysSomethingUntilTheNextLook() {
        var read = DEPLOYED.plusSeconds(300);
        read(read);
        for (int seconds : new int[] {0, 15, 26}) {
            assertEquals(Verdict.HEALTHY, settled(read.plusSeconds(seconds)).get(cell(0)).verdict(), seconds + " s");
        }
        assertEquals(Verdict.NO_DATA, settled(read.plusSeconds(27)).get(cell(0)).verdict());
    }

    private Map<CellId, FleetEvent.VerdictReached> settled(Instant now) {
        var verdicts = verdicts(now);
        while (judge.hasMore()) {
            verdicts = verdicts(now);
        }
        return verdicts;
    }

    private List<CellId> siblings(Fleet fleet) {
        return new Siblings(fleet, cell -> Optional.ofNullable(histories.get(cell))).of(fleet.watches().getFirst(),
                DEPLOYED.minusSeconds(3_600));
    }

    private static List<CellId> tenFrom(int first) {
        return IntStream.range(first, first + Siblings.MAX).mapToObj(ManyWatchedCellsTest::cell).toList();
    }

    @Test
    void whereAllOfARingWereChangedCellsOfAnotherAreTheMeasure() {
        read(DEPLOYED);
        assertEquals(tenFrom(INSIDE), siblings(fleet));
    }

    @Test
    void aCellInQuarantineOrThatIsNotLookedAtIsNoMeasure() {
        read(DEPLOYED);
        histories.remove(cell(INSIDE));
        assertEquals(tenFrom(INSIDE + 1), siblings(fleet));
        var moved = fleet.after(new FleetEvent.CellDutyChanged(DEPLOYED, "anna", cell(INSIDE + 1),
                new Duty.Quarantined(), "odd"));
        assertEquals(INSIDE, moved.watches().size());
        assertEquals(tenFrom(INSIDE + 2), siblings(moved));
    }
}
