package cambium.acceptance.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.acceptance.Await;
import cambium.acceptance.Checkout;
import cambium.acceptance.CommandRun;
import cambium.acceptance.RunningServer;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The packaged server follows a file in a Git repository that it reaches as most teams' servers would: over ssh, from
/// a real sshd. What people see of it is asked by the command line.
class FollowedRepositoryTest {
    @TempDir
    Path folder;

    private static RunningServer serve(Path data, SshGit git, Path knownHosts) throws IOException {
        return RunningServer.start(data, "--fleet-git", git.url(), "--fleet-git-every", "1s", "--fleet-git-key",
                git.key().toString(), "--fleet-git-known-hosts", knownHosts.toString());
    }

    private static CommandRun types(RunningServer server, String... arguments) throws IOException {
        var command = Stream.concat(Stream.of(Checkout.root().resolve("cambium").toString()), Stream.of(arguments));
        return CommandRun.of(command.toList(), builder -> {
            builder.environment().put("CAMBIUM_URL", server.address().toString());
            builder.environment().put("CAMBIUM_TOKEN", RunningServer.TOKEN);
        });
    }

    private static JsonNode awaitState(RunningServer server, String commit, String state) throws Exception {
        Await.until(Await.PATIENCE, () -> state + " at " + commit + ":\n" + server.output(), () -> {
            var source = server.get("/api/fleet/source");
            return source.path("commit").asText().equals(commit) && source.path("state").asText().equals(state);
        });
        return server.get("/api/fleet/source");
    }

    /// Who declared the fleet, each time.
    private static List<String> declared(RunningServer server) throws IOException {
        var by = new ArrayList<String>();
        server.get("/api/fleet/events?limit=500").path("events").forEach(event -> {
            if (event.path("is").asText().equals("FleetApplied")) {
                by.add(event.path("by").asText());
            }
        });
        return by;
    }

    private static List<String> cells(RunningServer server) throws IOException {
        return server.get("/api/fleet").path("cells").findValuesAsText("cell");
    }

    private static String brief(String commit) {
        return commit.substring(0, 12);
    }

    private static void assertTold(CommandRun run, int exit, String... lines) {
        assertEquals(exit, run.exit(), run::toString);
        var told = run.out().lines().toList();
        assertEquals(lines.length, told.size(), run::toString);
        for (var i = 0; i < lines.length; i++) {
            assertTrue(told.get(i).matches(lines[i]), () -> run + "\nis not as " + String.join("\n", lines));
        }
    }

    @Test
    void appliesWhatIsPushedHoldsWhatIsWrongOrLargeAndKnowsItsPlaceAfterARestart() throws Exception {
        var data = folder.resolve("data");
        try (var git = SshGit.start(folder.resolve("git")); var tiny = TinyFleet.start(folder.resolve("tiny"))) {
            var yaml = tiny.yaml();
            var one = git.push(yaml);
            var head = "source fleet.yaml in main of \\Q" + git.url() + "\\E: ";
            String large;
            JsonNode before;
            List<String> declared;
            try (var server = serve(data, git, git.knownHosts("host"))) {
                awaitState(server, one, "in-step");
                assertEquals(List.of("canary", "main", "one", "two"), cells(server));

                var more = yaml + yaml.lines().filter(line -> line.contains("cell: two")).findFirst().orElseThrow()
                        .replace("cell: two", "cell: three").replace("/two/", "/three/") + "\n";
                var two = git.push(more);
                awaitState(server, two, "in-step");
                assertEquals(List.of("canary", "main", "one", "three", "two"),
                        cells(server).stream().sorted().toList());
                declared = List.of("git:main@" + one, "git:main@" + two);
                assertEquals(declared, declared(server));
                assertTold(types(server, "source"), 0, head + "in-step",
                        "  newest   " + brief(two) + " by Rita <rita@example.org>, seen .*",
                        "  applied  " + brief(two) + " by git:main@" + two + ", .*");

                var broken = git.push(more.replace("graduate: automatic", "gradate: automatic"));
                awaitState(server, broken, "refused");
                assertTold(types(server, "source"), 1, head + "refused",
                        "  newest   " + brief(broken) + " by Rita <rita@example.org>, seen .*",
                        "  applied  " + brief(two) + " by git:main@" + two + ", .*",
                        "  unknown_field: .*line 4.*'gradate'.*'graduate'.*");

                large = git.push(more.replace("graduate: automatic", "graduate: manual"));
                before = awaitState(server, large, "refused");
                assertEquals("large_change", before.path("code").asText());
                assertTold(types(server, "source"), 1, head + "refused",
                        "  newest   " + brief(large) + " by Rita <rita@example.org>, seen .*",
                        "  applied  " + brief(two) + " by git:main@" + two + ", .*",
                        "  large_change: .*5 of 5 cells.*: cambium source apply " + brief(large)
                                + " --large-change REASON");
                assertEquals(declared, declared(server), "neither was applied");
                assertTrue(git.logins() > 4, "each look goes over ssh: " + git.logins());
            }
            try (var server = serve(data, git, git.knownHosts("host"))) {
                Await.until("it has looked again", () -> !server.get("/api/fleet/source").path("looked_at")
                        .equals(before.path("looked_at")));
                var after = awaitState(server, large, "refused");
                for (var kept : List.of("commit", "seen_at", "applied_commit", "applied_at", "applied_by", "code")) {
                    assertEquals(before.path(kept), after.path(kept), kept);
                }
                assertEquals(declared, declared(server), "nothing was applied again");
                assertFalse(types(server, "source", "apply", large).exit() == 0, "without a reason");
                types(server, "source", "apply", brief(large), "--large-change", "we graduate by hand").successful();
                awaitState(server, large, "in-step");
                assertEquals("admin, git:main@" + large, declared(server).getLast());
                assertEquals(3, declared(server).size());
                assertEquals(0, types(server, "source").exit());
            }
        }
    }

    @Test
    void trustsNoOtherServerThanTheOneWhoseKeyItKnows() throws Exception {
        try (var git = SshGit.start(folder.resolve("git")); var tiny = TinyFleet.start(folder.resolve("tiny"))) {
            git.push(tiny.yaml());
            try (var server = serve(folder.resolve("data"), git, git.knownHosts("stranger"))) {
                var trouble = Await.value("the trouble is told", () -> server.get("/api/fleet/source").path("trouble")
                        .asText("").lines().findFirst());
                assertTrue(trouble.contains("Host key verification failed"), trouble);
                assertEquals(1, types(server, "source").exit());
                assertEquals(List.of(), declared(server));
                assertEquals(0, git.logins());
            }
        }
    }
}
