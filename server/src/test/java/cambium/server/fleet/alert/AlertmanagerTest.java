package cambium.server.fleet.alert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.FleetCommand;
import cambium.rollout.RolloutPlanner;
import cambium.rollout.Scope;
import cambium.server.access.Actor;
import cambium.server.fleet.CommandDesk;
import cambium.server.fleet.memory.InMemoryFleetStore;
import cambium.server.fleet.yaml.FleetYaml;
import cambium.server.http.Json;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Debian's Alertmanager is told; its own tool says what it believes.
class AlertmanagerTest {
    /// bcrypt of "secret".
    private static final String HASH = "$2b$10$abcdefghijklmnopqrstuuqflPDzB6gcMhKa1rZqKiun2YGL5sa2u";
    private static final Actor ANNA = Actor.allowedEverything("anna");
    private static final String FLEET = """
            fleet: example
            product: {repository: acme/storefront, distribution: debian/bookworm, packages: [storefront]}
            perimeter: 0
            policy: {bake: {time: 5m, samples: 10}}
            rings:
              - ring: 0
                cells:
                  - {cell: c1, kind: main, driver: local, health: "http://h:1/", metrics: "http://h:1/m"}
            """;

    @TempDir
    private Path folder;
    private final List<AutoCloseable> open = new ArrayList<>();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    /// Shifted by a test; goes on with the clock, since Alertmanager has only that one.
    private Duration ahead = Duration.ZERO;
    private final InstantSource time = () -> Instant.now().plus(ahead);
    private final InMemoryFleetStore store = new InMemoryFleetStore(time);
    private boolean leading = true;

    @BeforeEach
    void declareTheFleet() {
        run(new FleetCommand.Apply(((FleetYaml.Reading.Read) FleetYaml.read(FLEET.getBytes(StandardCharsets.UTF_8)))
                .spec()));
    }

    @AfterEach
    void end() throws Exception {
        for (var each : open.reversed()) {
            each.close();
        }
    }

    private void run(FleetCommand command) {
        new CommandDesk(store, time).run(command, ANNA);
    }

    /// Pulled nine hours ago.
    private void brakeOnForHours() {
        ahead = Duration.ofHours(-9);
        run(new FleetCommand.SetBrake(Scope.of("ring 0"), "<b>smoke</b>", Optional.empty()));
        ahead = Duration.ZERO;
    }

    private AlertSender sender() {
        var sender = new AlertSender(folder.resolve("alertmanager.yaml"), "fleet", AlertSender.Source.ofFleet(store,
                RolloutPlanner::plan, () -> leading), () -> "https://cambium.example", registry, time);
        open.add(sender);
        return sender;
    }

    private LocalAlertmanager alertmanager(String name) throws Exception {
        var started = LocalAlertmanager.start(folder.resolve(name));
        open.add(started);
        return started;
    }

    private void name(String... lines) throws Exception {
        Files.writeString(folder.resolve("alertmanager.yaml"), "alertmanagers:\n  - "
                + String.join("\n  - ", lines) + "\n");
    }

    private double failures() {
        return registry.counter("cambium.alerts.failures", "of", "fleet").count();
    }

    @Test
    void fireWhereTheTroubleIsAndEndWithItAndAreOneFromTwoCoordinators() throws Exception {
        var first = alertmanager("first");
        var second = alertmanager("second");
        name("address: " + first.address(), "address: " + second.address() + "/");
        brakeOnForHours();
        var sender = sender();
        sender.round();
        for (var each : List.of(first, second)) {
            assertEquals(List.of("CambiumBrakeOnLong[ring=0]"), each.firing());
        }
        var alert = Json.read(first.alerts().getBytes(StandardCharsets.UTF_8)).get(0);
        assertEquals("ticket", alert.get("labels").get("severity").asText());
        assertEquals("engineer-on-call", alert.get("labels").get("owner").asText());
        assertEquals("example", alert.get("labels").get("fleet").asText());
        assertEquals("https://cambium.example/fleet", alert.get("generatorURL").asText());
        assertTrue(alert.get("annotations").get("summary").asText().contains("by anna: <b>smoke</b>"));
        assertTrue(alert.get("annotations").get("do").asText().contains("cambium brake off"));

        sender().round();
        assertEquals(List.of("CambiumBrakeOnLong[ring=0]"), first.firing(), "told by another process, it is the same");

        run(new FleetCommand.ReleaseBrake(Scope.of("ring 0"), "it was toast"));
        sender.round();
        for (var each : List.of(first, second)) {
            assertEquals(List.of(), each.firing());
        }
        assertEquals(0, failures());
    }

    @Test
    void aServerThatIsAwayIsToldLaterAndHoldsUpNoOther() throws Exception {
        var away = alertmanager("away");
        var there = alertmanager("there");
        name("address: " + away.address(), "address: " + there.address());
        brakeOnForHours();
        away.stop();
        var sender = sender();
        sender.round();
        assertEquals(List.of("CambiumBrakeOnLong[ring=0]"), there.firing());
        assertEquals(1, failures());
        away.restart();
        sender.round();
        assertEquals(List.of("CambiumBrakeOnLong[ring=0]"), away.firing());

        away.stop();
        run(new FleetCommand.ReleaseBrake(Scope.of("ring 0"), "it was toast"));
        sender.round();
        away.restart();
        sender.round();
        assertEquals(List.of(), away.firing(), "its end is told, too");
        assertEquals(2, failures());
    }

    @Test
    void aProcessThatDoesNotLeadTellsNobody() throws Exception {
        var alertmanager = alertmanager("one");
        name("address: " + alertmanager.address());
        brakeOnForHours();
        leading = false;
        sender().round();
        assertEquals(List.of(), alertmanager.firing());
    }

    @Test
    void aBrakeIsToldOnlyOnceItIsOnForHours() throws Exception {
        var alertmanager = alertmanager("one");
        name("address: " + alertmanager.address());
        run(new FleetCommand.SetBrake(Scope.of("ring 0"), "smoke", Optional.empty()));
        var sender = sender();
        sender.round();
        assertEquals(List.of(), alertmanager.firing());
        ahead = Duration.ofHours(8);
        sender.round();
        assertTrue(registry.get("cambium.alerts.firing").gauge().value() >= 1);
        assertTrue(alertmanager.firing().contains("CambiumBrakeOnLong[ring=0]"), alertmanager.alerts());
    }

    @Test
    void aFileThatIsWrongIsTroubleAndNoFileIsNone() throws Exception {
        brakeOnForHours();
        var sender = sender();
        sender.round();
        assertEquals(0, failures(), "nobody is to be told");
        for (var wrong : List.of("adress: http://a", "address: ftp://a", "{address: http://a, token: t, user: u}",
                "address: http://user:secret@a")) {
            name(wrong);
            double before = failures();
            sender.round();
            assertEquals(before + 1, failures(), wrong);
        }
        name("address: http://169.254.169.254");
        sender.round();
        assertEquals(5, failures(), "where a cloud tells its machines secrets");
    }

    @Test
    void credentialsAndCertificatesStandInTheFile() throws Exception {
        new ProcessBuilder("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                "-keyout", folder.resolve("key.pem").toString(), "-out", folder.resolve("ca.pem").toString(),
                "-subj", "/CN=alertmanager", "-addext", "subjectAltName=IP:127.0.0.1").redirectErrorStream(true)
                .redirectOutput(folder.resolve("openssl.log").toFile()).start().waitFor(30, TimeUnit.SECONDS);
        var client = Files.writeString(folder.resolve("amtool.yml"), "basic_auth: {username: cambium, password: secret}"
                + "\ntls_config: {ca_file: " + folder.resolve("ca.pem") + "}\n");
        var guarded = LocalAlertmanager.start(folder.resolve("guarded"), "tls_server_config: {cert_file: "
                + folder.resolve("ca.pem") + ", key_file: " + folder.resolve("key.pem") + "}\nbasic_auth_users: "
                + "{cambium: '" + HASH + "'}\n", client);
        open.add(guarded);
        brakeOnForHours();
        var sender = sender();
        name("address: " + guarded.address());
        sender.round();
        assertEquals(1, failures(), "an unknown certificate is not trusted");
        name("{address: '" + guarded.address() + "', ca: ../ca.pem}".replace("../", folder + "/"));
        sender.round();
        assertEquals(2, failures(), "nobody is let in without credentials");
        assertEquals(List.of(), guarded.firing());
        name("{address: '" + guarded.address() + "', ca: ca.pem, user: cambium, password: secret}");
        sender.round();
        assertEquals(2, failures());
        assertEquals(List.of("CambiumBrakeOnLong[ring=0]"), guarded.firing());
        assertFalse(guarded.alerts().contains("secret"));
    }
}
