package cambium.server.fleet.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.FleetCommand;
import cambium.rollout.FleetEvent;
import cambium.server.access.Actor;
import cambium.server.config.FleetGit;
import cambium.server.fleet.CommandDesk;
import cambium.server.fleet.Epoch;
import cambium.server.fleet.FleetStore;
import cambium.server.fleet.RecordedEvent;
import cambium.server.fleet.postgres.PostgresFleetStore;
import cambium.server.fleet.source.SourceState.State;
import cambium.server.fleet.yaml.FleetYaml;
import cambium.server.sql.Database;
import cambium.server.testing.TestDatabase;
import cambium.server.testing.TestServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real repository, the machine's git, a real PostgreSQL.
class SourceWatchTest {
    private static final String YAML = """
            fleet: example
            product: {repository: acme/storefront, distribution: debian/bookworm, packages: [storefront]}
            perimeter: 0
            policy: {bake: {time: 5m, samples: 10}}
            large-change: 100%
            rings:
              - ring: 0
                cells:
                  - {cell: main, kind: main, driver: local, health: "http://h:2/", metrics: "http://h:2/m"}
            """;

    @TempDir
    private Path temporary;
    private GitOrigin origin;
    private Database database;
    private FleetStore store;
    private PostgresSource source;
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final SourceMeters meters = new SourceMeters(registry);
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    @BeforeEach
    void begin() throws Exception {
        origin = new GitOrigin(temporary);
        database = TestDatabase.fresh();
        store = new PostgresFleetStore(database);
        source = new PostgresSource(database);
    }

    @AfterEach
    void end() {
        database.close();
    }

    private static FleetGit git(String url) {
        return new FleetGit(url, "main", "ops/fleet.yaml", Duration.ofSeconds(1), "git", Optional.empty(),
                Optional.empty(), Optional.empty(), Optional.empty());
    }

    private SourceWatch watch(Optional<FleetGit> git, Supplier<Optional<Epoch>> leading) {
        return new SourceWatch(git, temporary.resolve("fetched"), System.getenv("PATH"), source, store, leading,
                meters, () -> now);
    }

    private SourceWatch leader() {
        return watch(Optional.of(git(origin.url())), () -> store.lease("one", Duration.ofMinutes(1)));
    }

    private List<FleetEvent> events() {
        return store.events(0, 1000).stream().map(RecordedEvent::event).toList();
    }

    private List<String> applied() {
        return events().stream().flatMap(event -> event instanceof FleetEvent.FleetApplied(_, var by, _, _, _)
                ? Stream.of(by) : Stream.empty()).toList();
    }

    private List<String> pages() {
        return events().stream().flatMap(event -> event instanceof FleetEvent.PageRaised page
                ? Stream.of(page.text()) : Stream.empty()).toList();
    }

    private String bake() {
        return store.load().fleet().spec().orElseThrow().rings().getFirst().policy().toString();
    }

    private void standsAs(State state, String code) {
        standsAs(state, code, code.isEmpty() ? 0 : 1);
    }

    private void standsAs(State state, String code, int waiting) {
        var standing = source.state().standing();
        assertEquals(state, standing.state(), standing.toString());
        assertEquals(code, standing.refusal().map(SourceState.Refusal::code).orElse(""), standing.toString());
        assertEquals(waiting, registry.get("cambium.fleet.source.waiting").gauge().value());
    }

    private void byHand(String yaml) {
        var reading = (FleetYaml.Reading.Read) FleetYaml.read(yaml.getBytes(StandardCharsets.UTF_8));
        new CommandDesk(store, () -> now).run(new FleetCommand.Apply(reading.spec(), Optional.of("by hand")),
                Actor.allowedEverything("anna"));
    }

    private TestServer routes() {
        return TestServer.of(new SourceRoutes(source, new CommandDesk(store, () -> now), () -> now).routes(),
                _ -> Actor.allowedEverything("rita"));
    }

    @Test
    void appliesEachNewCommitOnceAndNamesItInTheLog() throws Exception {
        var leader = leader();
        var first = origin.commit(YAML);
        leader.look();
        leader.look();
        assertEquals(List.of("git:main@" + first), applied());
        standsAs(State.IN_STEP, "");
        var second = origin.commit(YAML.replace("5m", "6m"));
        leader.look();
        origin.write("README", "other".getBytes(StandardCharsets.UTF_8));
        var third = origin.committed();
        leader.look();
        assertEquals(List.of("git:main@" + first, "git:main@" + second), applied(), "the third changes nothing");
        assertEquals(third, source.state().applied().orElseThrow().commit());
        assertEquals("Rita <rita@example.org>", source.state().seen().orElseThrow().author());
        assertEquals(List.of(), pages());
        try (var left = Files.list(temporary.resolve("fetched"))) {
            assertEquals(List.of(), left.filter(file -> !file.endsWith("askpass")).toList(), "nothing is left behind");
        }
    }

    @Test
    void keepsTheFleetWhereTheFileIsWrongAndCallsSomebodyOnce() throws Exception {
        var leader = leader();
        var good = origin.commit(YAML);
        leader.look();
        var before = store.load().fleet().spec();
        var bad = origin.commit(YAML.replace("kind: main", "kynd: main"));
        leader.look();
        standsAs(State.REFUSED, "unknown_field");
        leader.look();
        leader.look();
        assertEquals(before, store.load().fleet().spec());
        assertEquals(1, pages().size(), pages().toString());
        assertTrue(pages().getFirst().startsWith("commit " + bad.substring(0, 12) + " of main by Rita "
                + "<rita@example.org> is not applied: "), pages().toString());
        GitOrigin.git(temporary.resolve("work"), "rm", "-q", "ops/fleet.yaml");
        origin.committed();
        leader.look();
        standsAs(State.REFUSED, "no_file");
        origin.write("ops/fleet.yaml", new byte[FleetYaml.MAX_BYTES + 1]);
        origin.committed();
        leader.look();
        standsAs(State.REFUSED, "too_large");
        var better = origin.commit(YAML.replace("5m", "7m"));
        leader.look();
        standsAs(State.IN_STEP, "");
        assertEquals(List.of("git:main@" + good, "git:main@" + better), applied());
    }

    @Test
    void tellsThatTheRepositoryIsGoneAndChangesNothing() throws Exception {
        var leader = leader();
        origin.commit(YAML);
        leader.look();
        var events = events();
        var away = Files.move(origin.bare, temporary.resolve("away.git"));
        leader.look();
        var trouble = source.state().trouble().orElseThrow();
        assertTrue(trouble.why().contains("fleet.git"), trouble.why());
        assertEquals(1, registry.get("cambium.fleet.source.silent").gauge().value());
        standsAs(State.IN_STEP, "");
        assertEquals(events, events(), "a short silence calls nobody");
        now = now.plus(SourceWatch.SILENT_FOR).plusSeconds(1);
        leader.look();
        leader.look();
        assertEquals(1, pages().size());
        assertEquals(1, applied().size());
        Files.move(away, origin.bare);
        leader.look();
        assertTrue(source.state().trouble().isEmpty());
        GitOrigin.git(temporary.resolve("work"), "push", "-q", "origin", "main:other", ":main");
        leader.look();
        assertEquals("the repository has no branch main", source.state().trouble().orElseThrow().why());
    }

    @Test
    void holdsARewrittenBranchUntilAPersonTakesItsCommit() throws Exception {
        var leader = leader();
        origin.commit(YAML);
        leader.look();
        var first = origin.commit(YAML.replace("5m", "6m"));
        leader.look();
        var before = store.load().fleet().spec();
        var other = origin.rewrite(YAML.replace("5m", "8m"));
        leader.look();
        standsAs(State.REWRITTEN, "rewritten");
        assertEquals(before, store.load().fleet().spec());
        assertTrue(pages().getFirst().contains(first.substring(0, 12)), pages().toString());
        try (var server = routes()) {
            var told = server.get("/api/fleet/source");
            assertEquals(200, told.statusCode(), told.body());
            assertTrue(told.body().contains("rewritten") && told.body().contains(other), told.body());
            var wrong = server.send("POST", "/api/fleet/source/apply", "application/json",
                    "{\"commit\":\"" + first + "\"}");
            assertEquals(409, wrong.statusCode(), wrong.body());
            var taken = server.send("POST", "/api/fleet/source/apply", "application/json",
                    "{\"commit\":\"" + other.substring(0, 12) + "\"}");
            assertEquals(200, taken.statusCode(), taken.body());
        }
        assertEquals("rita, git:main@" + other, applied().getLast());
        leader.look();
        standsAs(State.IN_STEP, "");
        var next = origin.commit(YAML.replace("5m", "9m"));
        leader.look();
        assertEquals("git:main@" + next, applied().getLast());
    }

    @Test
    void takesALargeChangeOnlyWithAPersonsReason() throws Exception {
        var leader = leader();
        origin.commit(YAML.replace("100%", "10%"));
        leader.look();
        var large = origin.commit(YAML.replace("100%", "10%").replace("5m", "6m"));
        leader.look();
        leader.look();
        standsAs(State.REFUSED, "large_change");
        assertEquals(1, applied().size());
        try (var server = routes()) {
            var body = "{\"commit\":\"" + large.substring(0, 7) + "\"";
            assertEquals(409, server.send("POST", "/api/fleet/source/apply", "application/json", body + "}")
                    .statusCode());
            assertEquals(1, applied().size());
            var taken = server.send("POST", "/api/fleet/source/apply", "application/json",
                    body + ",\"large_change\":\"longer bakes\"}");
            assertEquals(200, taken.statusCode(), taken.body());
        }
        assertEquals("rita, git:main@" + large, applied().getLast());
        leader.look();
        standsAs(State.IN_STEP, "");
        assertEquals(2, applied().size());
    }

    /// C-18: what a commit says of several rings goes outward by itself, whoever leads.
    @Test
    void takesACommitRingByRingWhereTheFleetAsksForIt() throws Exception {
        var rings = YAML.replace("100%", "100%\nchange-rest: 1h") + """
                  - {ring: 1, cells: [{cell: one, driver: local, health: "http://h:2/", metrics: "http://h:2/m"}]}
                  - {ring: 2, cells: [{cell: two, driver: local, health: "http://h:2/", metrics: "http://h:2/m"}]}
                """;
        origin.commit(rings);
        leader().look();
        var commit = origin.commit(rings.replace("5m", "6m"));
        leader().look();
        leader().look();
        assertEquals(List.of("PT6M", "PT5M", "PT5M"), bakes());
        standsAs(State.STAGED, "change_rests", 0);
        assertTrue(source.state().told().contains(". It takes the newest commit ring by ring: ring 0 took a change at "
                + "2026-01-01T00:00:00Z, and ring 1 takes one from 2026-01-01T01:00:00Z on"), source.state().told());
        assertFalse(source.state().waits());
        now = now.plus(Duration.ofHours(1));
        leader().look();
        assertEquals(List.of("PT6M", "PT6M", "PT5M"), bakes());
        var better = origin.commit(rings.replace("5m", "7m"));
        leader().look();
        assertEquals(List.of("PT7M", "PT6M", "PT5M"), bakes(), "a newer commit begins in ring 0 and waits for nothing");
        for (var hour = 0; hour < 2; hour++) {
            now = now.plus(Duration.ofHours(1));
            leader().look();
        }
        assertEquals(List.of("PT7M", "PT7M", "PT7M"), bakes());
        standsAs(State.IN_STEP, "");
        assertEquals(Stream.of(commit, commit, better, better, better).map("git:main@"::concat).toList(),
                applied().subList(1, 6));
        assertEquals(List.of(), pages(), "nobody is called for what goes on by itself");
    }

    @Test
    void aPersonsWordTakesOnlyTheNextRingOfACommitAndAHandBesideItEndsTheStaging() throws Exception {
        var rings = YAML.replace("100%", "30%\nchange-rest: 1h") + """
                  - {ring: 1, cells: [{cell: one, driver: local, health: "http://h:2/", metrics: "http://h:2/m"}]}
                """;
        origin.commit(rings);
        leader().look();
        var commit = origin.commit(rings.replace("5m", "6m"));
        leader().look();
        standsAs(State.REFUSED, "large_change");
        try (var server = routes()) {
            var taken = server.send("POST", "/api/fleet/source/apply", "application/json", "{\"commit\":\""
                    + commit.substring(0, 12) + "\",\"large_change\":\"half of two\"}");
            assertEquals(200, taken.statusCode(), taken.body());
            assertTrue(taken.body().contains("\"staged\""), taken.body());
        }
        assertEquals(List.of("PT6M", "PT5M"), bakes());
        leader().look();
        standsAs(State.STAGED, "change_rests", 0);
        byHand(rings.replace("5m", "9m"));
        now = now.plus(Duration.ofHours(2));
        leader().look();
        standsAs(State.DRIFTED, "drifted");
        assertEquals(List.of("PT9M", "PT9M"), bakes());
    }

    private List<String> bakes() {
        return store.load().fleet().spec().orElseThrow().rings().stream().map(ring -> ring.policy().bake().time()
                .toString()).toList();
    }

    @Test
    void undoesNothingThatSomebodyDeclaredByHand() throws Exception {
        byHand(YAML);
        var leader = leader();
        var other = origin.commit(YAML.replace("5m", "6m"));
        leader.look();
        standsAs(State.DRIFTED, "drifted");
        assertEquals(List.of("anna"), applied(), "a fleet that was there is not replaced unasked");
        origin.commit(YAML);
        leader.look();
        standsAs(State.IN_STEP, "");
        assertEquals(List.of("anna"), applied());
        byHand(YAML.replace("5m", "1h"));
        leader.look();
        standsAs(State.DRIFTED, "drifted");
        origin.commit(YAML.replace("5m", "2h"));
        leader.look();
        assertTrue(bake().contains("PT1H"), bake());
        standsAs(State.DRIFTED, "drifted");
        origin.commit(YAML.replace("5m", "1h"));
        leader.look();
        standsAs(State.IN_STEP, "");
        assertFalse(applied().stream().anyMatch(by -> by.contains(other)));
        assertEquals(2, applied().size());
    }

    @Test
    void onlyTheProcessThatHoldsTheLeaseApplies() throws Exception {
        var epoch = store.lease("one", Duration.ofMinutes(1)).orElseThrow();
        var leader = watch(Optional.of(git(origin.url())), () -> Optional.of(epoch));
        var standby = watch(Optional.of(git(origin.url())), () -> store.lease("two", Duration.ofMinutes(1)));
        var first = origin.commit(YAML);
        standby.look();
        assertEquals(List.of(), events());
        assertFalse(source.state().followed(), "it has written nothing, either");
        leader.look();
        assertEquals(List.of("git:main@" + first), applied());
        store.release(epoch);
        var second = origin.commit(YAML.replace("5m", "6m"));
        leader.look();
        assertEquals(1, applied().size(), "who has lost the lease and does not know applies nothing");
        assertEquals(first, source.state().seen().orElseThrow().commit());
        standby.look();
        assertEquals(List.of("git:main@" + first, "git:main@" + second), applied());
        watch(Optional.empty(), () -> store.lease("two", Duration.ofMinutes(1))).look();
        assertFalse(source.state().followed(), "without the setting nothing is followed any more");
    }

    @Test
    void boundsWhatARepositoryMaySend() throws Exception {
        var noise = new byte[8 << 20];
        new Random(7).nextBytes(noise);
        origin.write("noise", noise);
        origin.commit(YAML);
        var bounded = new GitBranch(git(origin.url()), temporary.resolve("bounded"), System.getenv("PATH"), 1 << 20);
        var failed = assertThrows(GitProgram.Failed.class, bounded::fetch);
        assertEquals("the repository sends more than 1 MiB", failed.getMessage());
        GitOrigin.git(origin.bare, "config", "uploadpack.allowFilter", "true");
        var head = bounded.fetch();
        assertTrue(head.file() instanceof GitBranch.Content.Bytes, "where the other side can, only the file is sent");
    }
}
