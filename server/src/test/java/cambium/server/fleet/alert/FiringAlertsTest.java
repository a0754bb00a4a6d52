package cambium.server.fleet.alert;

import static org.junit.jupiter.api.Assertions.assertEquals;

import cambium.rollout.Alert;
import cambium.rollout.Scope;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FiringAlertsTest {
    private static final Instant NOON = Instant.parse("2026-11-29T12:00:00Z");
    private static final Alert NO_DATA = new Alert(Alert.Kind.GATE_WITHOUT_DATA, Scope.of("cell c1"), "no_data",
            "no metrics", Optional.empty());

    private static Instant minutes(int minutes) {
        return NOON.plus(Duration.ofMinutes(minutes));
    }

    @Test
    void whatComesAndGoesBeginsToCountAnew() {
        var alerts = new FiringAlerts();
        assertEquals(List.of(), alerts.at(NOON, List.of(NO_DATA)));
        assertEquals(List.of(), alerts.at(minutes(10), List.of()));
        assertEquals(List.of(), alerts.at(minutes(12), List.of(NO_DATA)));
        assertEquals(List.of(), alerts.at(minutes(26), List.of(NO_DATA)));
        assertEquals(List.of(new FiringAlerts.Firing(NO_DATA, minutes(27))), alerts.at(minutes(27), List.of(NO_DATA)));
        alerts.forget();
        assertEquals(List.of(), alerts.at(minutes(28), List.of(NO_DATA)));
    }
}
