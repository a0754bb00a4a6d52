package cambium.server.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.formats.PackageFamily;
import cambium.server.blob.BlobId;
import cambium.server.sql.Database;
import cambium.server.sql.DatabaseAddress;
import cambium.server.testing.Eventually;
import cambium.server.testing.TestDatabase;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The database is as it was at an earlier time, or the blob store is; a repair makes them agree and says what is lost
/// (P-32), and numbers of generations go forward (P-4).
final class RepairTest {
    private static final byte[] KEPT = TestDeb.of("kept", "1", "amd64");
    private static final byte[] LATE = TestDeb.of("late", "1", "amd64");
    private static final KnownSuite BOOKWORM = new KnownSuite(215, "debian", "bookworm", PackageFamily.APT);

    @TempDir
    Path data;

    private RepositoryServer server;

    @BeforeEach
    void start() {
        startOn(TestDatabase.freshAddress());
        server.create("acme", "shop");
        server.pushed("acme/shop", KEPT);
        server.pushed("acme/shop", TestDeb.of("other", "1", "amd64"));
        server.settled();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void startOn(DatabaseAddress address) {
        server = RepositoryServer.over(Database.open(address), data, InstantSource.system(), folder -> folder);
        server.feature.startIndexing();
        server.feature.startRepairs();
    }

    /// Closes the server on the way.
    private DatabaseAddress backup() {
        DatabaseAddress address = server.database.address();
        server.close();
        return TestDatabase.copyOf(address);
    }

    private JsonNode repair() {
        assertEquals(202, server.send(server.authorized("/api/repair").POST(BodyPublishers.noBody())).statusCode());
        Eventually.holds("the repair is done", () -> !server.json("/api/repair").path("done_at").isNull());
        server.settled();
        Eventually.holds("all is signed again and rebuilt", () -> server.count("select (select count(*) from channel "
            + "where sign_again) + (select count(*) from channel_rebuild where done_at is null)") == 0);
        return server.json("/api/repair").path("report");
    }

    private List<String> visible() throws Exception {
        return new ClosureChecker(server, "/acme/shop/debian").check("bookworm", "amd64");
    }

    private long generation() {
        return server.count("select generation from channel where ring is null");
    }

    private Instant date() throws Exception {
        return server.database.read(sql -> sql.fetchSingle("select max(released_at) as at from channel_generation")
            .get("at", Instant.class));
    }

    private Path file(byte[] bytes) {
        String sha256 = ClosureChecker.sha256(bytes);
        return data.resolve("blobs").resolve(sha256.substring(0, 2)).resolve(sha256);
    }

    @Test
    void listsWhatWasAcknowledgedAfterTheTimeThatTheDatabaseIsBackAt() throws Exception {
        DatabaseAddress original = server.database.address();
        DatabaseAddress backup = backup();
        startOn(original);
        server.pushed("acme/shop", LATE);
        server.settled();
        server.delete("acme/shop/debian/bookworm/other_1_amd64.deb");
        server.settled();
        long lostGeneration = generation();
        Instant lostDate = date();
        server.close();

        startOn(backup);
        JsonNode report = repair();
        assertEquals(1, report.path("packages_unnamed").intValue(), report.toString());
        assertEquals("late_1_amd64.deb", report.path("unnamed").get(0).path("filename").textValue());
        assertEquals(ClosureChecker.sha256(LATE), report.path("unnamed").get(0).path("sha256").textValue());
        assertTrue(report.path("blobs_unnamed").intValue() > 1, "packs of lost generations, too: " + report);
        assertEquals(0, report.path("packages_failed").intValue());
        assertEquals(1, report.path("channels_advanced").intValue());
        assertEquals(2, report.path("files_checked").intValue());
        assertTrue(generation() > lostGeneration, generation() + " is not beyond " + lostGeneration);
        assertFalse(date().isBefore(lostDate));
        assertEquals(List.of("kept_1_amd64.deb", "other_1_amd64.deb"), visible());

        collectIn(Duration.ofDays(20));
        assertTrue(Files.exists(file(LATE)), "what is lost is kept for thirty days");
        server.pushed("acme/shop", Files.readAllBytes(file(LATE)));
        server.settled();
        assertEquals(List.of("kept_1_amd64.deb", "other_1_amd64.deb", "late_1_amd64.deb"), visible());
        collectIn(Duration.ofDays(40));
        assertEquals(3, visible().size(), "what is named again is not freed");
    }

    private void collectIn(Duration time) {
        InstantSource later = () -> Instant.now().plus(time);
        new Collector(server.database, server.blobs, later).collect();
        new UnnamedBlobs(server.database, server.blobs, later).sweep(UnnamedBlobs.FOLDERS);
    }

    @Test
    void failsVisiblyWhatTheBlobStoreHasLost() throws Exception {
        server.feature.rings().admit(new RepositoryName("acme", "shop"), BOOKWORM, 1,
            List.of(ClosureChecker.sha256(KEPT)));
        server.settled();
        Files.delete(file(KEPT));
        for (String pack : server.database.read(sql -> sql.fetch("select distinct pack_sha256 from chunk_in_view"))
            .map(row -> row.get("pack_sha256", String.class))) {
            server.blobs.delete(new BlobId(pack));
        }
        JsonNode report = repair();
        assertEquals(1, report.path("packages_failed").intValue(), report.toString());
        JsonNode failed = report.path("failed").get(0);
        assertEquals("acme/shop debian/bookworm kept_1_amd64.deb", failed.path("repository").textValue() + " "
            + failed.path("suite").textValue() + " " + failed.path("filename").textValue());
        assertTrue(failed.path("why").textValue().contains("push it again"));
        assertEquals(2, report.path("channels_rebuilt").intValue());
        assertEquals(0, report.path("packages_unnamed").intValue());
        assertEquals(List.of("other_1_amd64.deb"), visible());
        assertEquals(List.of(), new ClosureChecker(server, "/acme/shop/rings/1/debian").check("bookworm", "amd64"));
        assertEquals(1, server.count("select count(*) from package where state = 'failed'"));
        assertEquals(1, server.count("select count(*) from repository_event where after ->> 'state' = 'failed' "
            + "and actor = 'anna'"));

        server.pushed("acme/shop", KEPT);
        server.settled();
        assertEquals(List.of("other_1_amd64.deb", "kept_1_amd64.deb"), visible());
    }

    @Test
    void findsNothingWhereNothingIsLost() throws Exception {
        assertEquals(404, server.get("/api/repair").statusCode());
        long before = generation();
        JsonNode report = repair();
        for (String count : List.of("packages_failed", "maven_files_missing", "blobs_unnamed", "channels_rebuilt")) {
            assertEquals(0, report.path(count).intValue(), report.toString());
        }
        assertTrue(generation() > before + 1000);
        assertEquals(List.of("kept_1_amd64.deb", "other_1_amd64.deb"), visible());
        // A client that holds the generation before can still finish, and the newest three are kept as ever.
        collectIn(Duration.ofDays(3));
        assertTrue(server.count("select count(*) from channel_generation") > 1);
        assertEquals(2, visible().size());
    }
}
