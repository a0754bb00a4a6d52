package cambium.server.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.Alert;
import cambium.rollout.Alerts;
import cambium.rollout.Wait;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The example's alerts, by Prometheus's own tool. That the server tells the figures they ask for is in `MainTest`.
class AlertRulesTest {
    private static final Path RULES = Path.of("../deploy/example/prometheus/cambium.rules.yaml");
    private static final Path CASES = Path.of("src/test/resources/alerts/rules.test.yaml");

    @TempDir
    Path folder;

    @BeforeEach
    void copy() throws Exception {
        Files.copy(RULES, folder.resolve(RULES.getFileName()));
        Files.copy(CASES, folder.resolve(CASES.getFileName()));
    }

    private String promtool(int exit, String... arguments) throws Exception {
        return said(exit, Stream.concat(Stream.of("promtool"), Stream.of(arguments)).toList());
    }

    private String said(int exit, List<String> command) throws Exception {
        var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        var process = builder.start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(exit, process.waitFor(), said);
        return said;
    }

    @Test
    void prometheusReadsTheRules() throws Exception {
        assertTrue(promtool(0, "check", "rules", "cambium.rules.yaml").contains("20 rules found"));
    }

    @Test
    void eachAlertFiresInItsTroubleAndNoneWhereAllIsWell() throws Exception {
        promtool(0, "test", "rules", "rules.test.yaml");
    }

    /// C-38: by the example for Alertmanager, as its own tool reads it; no alert is left to the route of last resort
    /// because its owner is misspelt.
    @Test
    void eachAlertReachesTheRoleThatOwnsIt() throws Exception {
        Files.copy(RULES.resolveSibling("alertmanager.yaml"), folder.resolve("alertmanager.yaml"));
        assertTrue(said(0, List.of("amtool", "check-config", "alertmanager.yaml")).contains("3 receivers"));
        var reached = new TreeSet<String>();
        var labels = Pattern.compile("labels: \\{severity: (page|ticket), owner: (\\S+)}");
        for (var rule : Files.readString(RULES).split("- alert: ")) {
            var told = labels.matcher(rule);
            if (!rule.startsWith("Cambium")) {
                continue;
            }
            assertTrue(told.find(), rule);
            assertEquals(told.group(2), said(0, List.of("amtool", "config", "routes", "test",
                    "--config.file=alertmanager.yaml", "severity=" + told.group(1), "owner=" + told.group(2)))
                    .lines().toList().getLast());
            reached.add(told.group(2));
        }
        assertEquals(Arrays.stream(Alert.Owner.values()).map(Alert.Owner::word).collect(Collectors.toSet()), reached);
    }

    /// Else the test before shows nothing.
    @Test
    void aRuleThatListensToAProcessThatStandsByIsFound() throws Exception {
        var rules = folder.resolve("cambium.rules.yaml");
        Files.writeString(rules, Files.readString(rules).replace(" and on (job, instance) (cambium_coordinator_leading "
                + "== 1)", ""));
        assertTrue(promtool(1, "test", "rules", "rules.test.yaml").contains("CambiumBrakeOnLong"));
    }

    /// Who is called must not depend on the way.
    @Test
    void whatIsToldToAlertmanagerDirectlyIsARuleOfTheSameNameSeverityAndPatience() throws Exception {
        var rules = new TreeMap<String, String>();
        for (var rule : Files.readString(RULES).split("- alert: ")) {
            rules.put(rule.lines().findFirst().orElseThrow().strip(), rule);
        }
        for (var kind : Alert.Kind.values()) {
            var rule = rules.getOrDefault(kind.alertName(), "");
            assertTrue(rule.contains("labels: {severity: " + kind.severity().name().toLowerCase(Locale.ROOT)
                    + ", owner: " + kind.owner().word() + "}"), kind + " " + rule);
            var patience = Pattern.compile("for: ([0-9]+[mh])").matcher(rule);
            assertEquals(kind.after(), patience.find()
                    ? Duration.parse("PT" + patience.group(1).toUpperCase(Locale.ROOT)) : Duration.ZERO, kind + rule);
        }
        var still = Pattern.compile("code=~\"([a-z_|]+)\"").matcher(rules.get("CambiumNotConverging"));
        assertTrue(still.find());
        assertEquals(Alerts.STANDING_STILL.stream().map(Wait.Code::word).collect(Collectors.toSet()),
                Set.of(still.group(1).split("\\|")));
    }
}
