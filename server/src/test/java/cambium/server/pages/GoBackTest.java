package cambium.server.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.AttemptId;
import cambium.rollout.AttemptResult;
import cambium.rollout.CellId;
import cambium.rollout.Fleet;
import cambium.rollout.FleetEvent;
import cambium.rollout.ProductVersion;
import cambium.rollout.RingNumber;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GoBackTest {
    private static final Instant NOW = ExampleFleet.NOW;
    private static final CellId CANARY = CellId.of("canary");

    private static GoBack of(Fleet fleet) {
        return GoBack.of(fleet.cell(CANARY).orElseThrow(), fleet);
    }

    private static Fleet on(String version) {
        return ExampleEvents.fleet().after(
                new FleetEvent.CellObserved(NOW, CANARY, true, Optional.of(ProductVersion.of(version))));
    }

    @Test
    void goesToTheLastKnownGoodWhileNothingWasMigrated() {
        assertEquals("Yes", of(on("1.3.0")).answer());
        assertTrue(of(on("1.3.0")).sentence().startsWith("To 1.1.0, without downtime"));
    }

    @Test
    void needsDowntimeOncePdmBegan() {
        var attempt = AttemptId.of("r3.canary.pdm.1");
        var version = ProductVersion.of("1.3.0");
        Fleet migrated = on("1.3.0").after(List.of(
                new FleetEvent.AttemptFinished(NOW, AttemptId.of("r3.canary.deploy.2"), new AttemptResult.Succeeded()),
                new FleetEvent.AttemptRequested(NOW, attempt, RingNumber.of(0), version, Optional.of(version),
                        Duration.ofMinutes(1)),
                new FleetEvent.AttemptStarted(NOW, attempt)));

        assertEquals("Only with downtime", of(migrated).answer());
    }

    @Test
    void hasNowhereToGoFromTheFirstGoodVersion() {
        assertEquals("No", of(on("1.1.0")).answer());
    }

    @Test
    void cannotTellForACellThatWasNeverSeen() {
        assertEquals("No", GoBack.of(
                ExampleEvents.fleet().cell(CellId.of("cell-7")).orElseThrow(), ExampleEvents.fleet()).answer());
    }
}
