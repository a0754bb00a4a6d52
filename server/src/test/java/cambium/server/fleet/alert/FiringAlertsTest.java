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

    private static final Alert OTHER = new Alert(Alert.Kind.GATE_WITHOUT_DATA, Scope.of("cell c2"), "no_data",
            "no metrics", Optional.empty());

    private static Alert ring(Alert cause) {
        return new Alert(Alert.Kind.GATE_WITHOUT_DATA, Scope.of("ring 2"), "no_data", "0 of 2 cells; "
                + cause.subject() + ": " + cause.text(), Optional.empty(), Optional.of(cause.key()));
    }

    private static Alert version(Alert cause) {
        return new Alert(Alert.Kind.GATE_WITHOUT_DATA, Scope.of("version 1.1.0"), "no_data", "ring 2: "
                + ring(cause).text(), Optional.empty(), Optional.of(ring(cause).key()));
    }

    private static List<String> subjects(List<FiringAlerts.Firing> firing) {
        return firing.stream().map(each -> each.alert().subject().toString()).toList();
    }

    @Test
    void oneCauseIsOneAlert() {
        var alerts = new FiringAlerts();
        var all = List.of(ring(NO_DATA), NO_DATA, version(NO_DATA));
        assertEquals(List.of(), alerts.at(NOON, all));
        assertEquals(List.of("cell c1"), subjects(alerts.at(minutes(15), all)));
        alerts.at(minutes(16), List.of(ring(NO_DATA), NO_DATA, OTHER, version(NO_DATA)));
        assertEquals(List.of("cell c1", "cell c2"), subjects(alerts.at(minutes(31), List.of(ring(NO_DATA), NO_DATA,
                OTHER, version(NO_DATA)))), "two causes are two");
    }

    @Test
    void aRingWhoseCellsWantDataInTurnIsNotSilent() {
        var alerts = new FiringAlerts();
        alerts.at(NOON, List.of(ring(NO_DATA), NO_DATA, version(NO_DATA)));
        var turned = List.of(ring(OTHER), OTHER, version(OTHER));
        assertEquals(List.of(), alerts.at(minutes(10), turned));
        assertEquals(List.of("ring 2"), subjects(alerts.at(minutes(15), turned)), "no cell for a quarter of an hour");
        assertEquals(List.of("cell c2"), subjects(alerts.at(minutes(25), turned)));
    }

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
