package cambium.server.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class HeadlineTest {
    @Test
    void saysFirstThatTheNewestVersionWasStopped() {
        assertEquals("1.2.0 was stopped and is blocked. 1.1.0 has reached ring 2 and runs on 5 of 10 cells. "
                + "1 cell failed or is going back.", Headline.of(new FleetNow(ExampleFleet.stoppedInRingZero())));
    }

    @Test
    void saysHowFarTheNewestRolloutIs() {
        assertEquals("1.3.0 has reached ring 1 and runs on 3 of 10 cells. 2 cells failed or are going back.",
                Headline.of(new FleetNow(ExampleFleet.tenCells())));
    }
}
