package cambium.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DeliveryFiguresTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private static List<DeliveryRecord.Fate> versions(FleetLab lab) {
        var record = new DeliveryRecord();
        lab.log.forEach(record::take);
        return record.versions(lab.now);
    }

    private static DeliveryRecord.Fate of(FleetLab lab, String version) {
        return versions(lab).stream().filter(fared -> fared.version().equals(ProductVersion.of(version))).findFirst()
                .orElseThrow();
    }

    @Test
    void aGoodVersionHasALeadTimeAndNoExposure() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        var begin = lab.now;
        lab.deploy("1.1.0");
        lab.live(HOUR);
        var good = of(lab, "1.1.0");
        assertEquals(begin, good.startedAt());
        assertTrue(good.graduatedAt().orElseThrow().isBefore(good.completedAt().orElseThrow()));
        assertEquals(lab.fleet.cells().size(), good.cells());
        var figures = DeliveryFigures.of(versions(lab), 30, lab.now);
        assertEquals(2, figures.completed());
        assertEquals(0, figures.failed());
        assertEquals(0.0, figures.failureShare().orElseThrow());
        assertEquals(Duration.ZERO, figures.exposure());
        assertTrue(figures.restore().isEmpty());
        assertTrue(figures.leadTime().orElseThrow().worst().compareTo(HOUR) <= 0);
        assertEquals(ProductVersion.of("1.1.0"), figures.versions().getFirst().version(), "the last comes first");
    }

    @Test
    void aHarmfulVersionCountsTheTimeOfItsCellsUntilTheLastHasLeftIt() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.verdicts.put("canary.1.1.0", Verdict.HARMFUL);
        lab.deploy("1.1.0");
        lab.live(HOUR);
        var bad = of(lab, "1.1.0");
        assertTrue(bad.blockedAt().isPresent() && bad.completedAt().isEmpty());
        assertTrue(bad.restoredAt().orElseThrow().isAfter(bad.blockedAt().get()));
        var seen = lab.log.stream().filter(event -> event instanceof FleetEvent.CellObserved(var _, var _, var _,
                var version) && version.equals(Optional.of(ProductVersion.of("1.1.0")))).toList();
        assertEquals(seen.stream().map(event -> ((FleetEvent.CellObserved) event).cell()).distinct().count(),
                bad.cells());
        assertTrue(bad.cellTime().compareTo(Duration.between(seen.getFirst().at(), bad.restoredAt().get())) >= 0);
        var before = bad.cellTime();
        lab.live(HOUR);
        assertEquals(before, of(lab, "1.1.0").cellTime(), "nothing runs it any more");
        var figures = DeliveryFigures.of(versions(lab), 30, lab.now);
        assertEquals(0.5, figures.failureShare().orElseThrow());
        assertEquals(before, figures.exposure());
        assertEquals(bad.cells(), figures.exposedCells());
        assertEquals(Duration.between(bad.blockedAt().get(), bad.restoredAt().get()),
                figures.restore().orElseThrow().median());
    }

    @Test
    void aVersionThatWasReleasedAndThenArrivesIsNoFailure() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.verdicts.put("canary.1.1.0", Verdict.HARMFUL);
        lab.deploy("1.1.0");
        lab.live(HOUR);
        lab.verdicts.clear();
        lab.command(new FleetCommand.Unblock(ProductVersion.of("1.1.0"), "the metrics were wrong"));
        lab.deploy("1.1.0");
        lab.live(HOUR);
        assertEquals(0, DeliveryFigures.of(versions(lab), 30, lab.now).failed());
        assertEquals(2, DeliveryFigures.of(versions(lab), 30, lab.now).completed());
    }

    @Test
    void onlyWhatWasSettledInTheStretchCounts() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.live(Duration.ofDays(2));
        lab.deploy("1.1.0");
        lab.live(HOUR);
        assertEquals(1, DeliveryFigures.of(versions(lab), 1, lab.now).completed());
        assertEquals(2, DeliveryFigures.of(versions(lab), 3, lab.now).completed());
        lab.deploy("1.2.0");
        assertEquals(1, DeliveryFigures.of(versions(lab), 1, lab.now).completed(), "what is on its way is not settled");
    }
}
