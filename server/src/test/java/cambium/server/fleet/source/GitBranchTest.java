package cambium.server.fleet.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.server.config.FleetGit;
import cambium.server.testing.TestCertificate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How a repository is opened over the network, and what of it is not trusted.
class GitBranchTest {
    private static final String TOKEN = "glpat-very-secret";

    @TempDir
    private Path temporary;
    private GitOrigin origin;

    @BeforeEach
    void begin() throws Exception {
        origin = new GitOrigin(temporary);
    }

    private FleetGit git(String url, Optional<Path> token) {
        return new FleetGit(url, "main", "ops/fleet.yaml", Duration.ofSeconds(1), "oauth2", token, Optional.empty(),
                Optional.empty(), Optional.empty());
    }

    private GitBranch trusting(String url, Path ca) {
        return new GitBranch(new FleetGit(url, "main", "ops/fleet.yaml", Duration.ofSeconds(1), "oauth2",
                Optional.of(temporary.resolve("token")), Optional.empty(), Optional.empty(), Optional.of(ca)),
                temporary.resolve("fetched"), System.getenv("PATH"));
    }

    @Test
    void tellsOfACertificateBeforeItEndsAndRefusesTheOneThatHasEndedByNameAndEnd() throws Exception {
        var commit = origin.commit("fleet: one\n");
        Files.writeString(temporary.resolve("token"), TOKEN);
        var good = new TestCertificate(temporary.resolve("good"), 2);
        good.watchedEarly();
        try (var server = new GitHttpServer(temporary, "oauth2", TOKEN, good.https())) {
            assertEquals(commit, trusting(server.url("/fleet.git"), good.certificate()).head());
            assertTrue(TestCertificate.isWatchedEarly(), "its end is known");
            int asked = server.asked.size();
            assertEquals("the certificate of 127.0.0.1 is not trusted; --fleet-git-ca may name whom to trust",
                    assertThrows(GitProgram.Failed.class, branch(server.url("/fleet.git"),
                            temporary.resolve("token"))::head).getMessage());
            var elsewhere = server.url("/fleet.git").replace("127.0.0.1", "localhost");
            var named = assertThrows(GitProgram.Failed.class, trusting(elsewhere, good.certificate())::head);
            assertTrue(named.getMessage().contains("does not match target host name 'localhost'"),
                    named.getMessage());
            assertEquals(asked, server.asked.size(), "nothing was said to it");
        }
        var ended = new TestCertificate(temporary.resolve("ended"), -1);
        try (var server = new GitHttpServer(temporary, "oauth2", TOKEN, ended.https())) {
            assertEquals(ended.ended(), assertThrows(GitProgram.Failed.class,
                    trusting(server.url("/fleet.git"), ended.certificate())::head).getMessage());
            assertEquals(List.of(), server.asked, "nothing was said to it, least of all the token");
        }
    }

    private GitBranch branch(String url, Path token) {
        return new GitBranch(git(url, Optional.of(token)), temporary.resolve("fetched"), System.getenv("PATH"));
    }

    private static String content(GitBranch.Head head) {
        return new String(((GitBranch.Content.Bytes) head.file()).bytes(), StandardCharsets.UTF_8);
    }

    @Test
    void opensARepositoryWithATokenThatStandsNowhereButInItsFile() throws Exception {
        GitOrigin.git(origin.bare, "config", "uploadpack.allowFilter", "true");
        var first = origin.commit("fleet: one\n");
        var commit = origin.commit("fleet: two\n");
        var token = Files.writeString(temporary.resolve("token"), TOKEN + "\n");
        try (var server = new GitHttpServer(temporary, "oauth2", TOKEN)) {
            var branch = branch(server.url("/fleet.git"), token);
            var seen = new AtomicReference<>("");
            var watcher = Thread.ofPlatform().start(() -> watch(seen));
            assertEquals(commit, branch.head());
            var head = branch.fetch();
            watcher.interrupt();
            watcher.join();
            assertEquals("fleet: two\n", content(head));
            assertEquals(List.of(first), head.before());
            assertTrue(seen.get().contains("ls-remote") || seen.get().contains("fetch"), "git was seen at work");
            for (var safe : List.of("core.hooksPath=/dev/null", "protocol.allow=never", "http.followRedirects=false",
                    "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_NOSYSTEM=1", "GIT_TERMINAL_PROMPT=0")) {
                assertTrue(seen.get().contains(safe), safe);
            }
            assertFalse(seen.get().contains(TOKEN), "no command line and no environment holds the token");

            Files.writeString(token, "wrong-secret");
            var refused = assertThrows(GitProgram.Failed.class, branch::head);
            assertTrue(refused.getMessage().contains("Authentication failed"), refused.getMessage());
            assertFalse(refused.getMessage().contains("wrong-secret"), refused.getMessage());
        }
    }

    /// All command lines and environments of the programs that this process started.
    private static void watch(AtomicReference<String> seen) {
        var all = new StringBuilder();
        while (!Thread.currentThread().isInterrupted()) {
            ProcessHandle.current().descendants().forEach(child -> {
                for (var what : List.of("cmdline", "environ")) {
                    try {
                        all.append(Files.readString(Path.of("/proc/" + child.pid() + "/" + what),
                                StandardCharsets.ISO_8859_1)).append('\n');
                    } catch (IOException ended) {
                        // It is over: the next look sees others.
                    }
                }
            });
            Thread.yield();
        }
        seen.set(all.toString());
    }

    @Test
    void followsNoRedirectAndGoesToNoAddressOfAClouds() throws Exception {
        origin.commit("fleet: one\n");
        var token = Files.writeString(temporary.resolve("token"), TOKEN);
        try (var server = new GitHttpServer(temporary, "oauth2", TOKEN);
                var other = new GitHttpServer(temporary, "oauth2", TOKEN)) {
            server.redirect = other.url("");
            assertThrows(GitProgram.Failed.class, branch(server.url("/fleet.git"), token)::head);
            assertEquals(1, server.asked.size());
            assertEquals(List.of(), other.asked, "nobody was sent on, nor was the token");
        }
        var secrets = new GitBranch(git("http://169.254.169.254/fleet.git", Optional.empty()),
                temporary.resolve("fetched"), System.getenv("PATH"));
        assertEquals("169.254.169.254 leads to no address that is allowed",
                assertThrows(GitProgram.Failed.class, secrets::head).getMessage());
    }

    @Test
    void takesNoLinkForTheFile() throws Exception {
        origin.commit("fleet: one\n");
        var work = temporary.resolve("work/ops/fleet.yaml");
        Files.delete(work);
        Files.createSymbolicLink(work, Path.of("other.yaml"));
        origin.committed();
        var branch = new GitBranch(git(origin.url(), Optional.empty()), temporary.resolve("f"), System.getenv("PATH"));
        assertEquals(new GitBranch.Content.None("no_file", "ops/fleet.yaml is no plain file"), branch.fetch().file());
    }
}
