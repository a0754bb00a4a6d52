package cambium.server.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.server.blob.BlobId;
import cambium.server.repository.event.RepositoryEvents;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The log of who changed what in a repository.
final class EventsTest {
    private static final String EVENTS = "/api/repositories/acme/shop/events";

    @TempDir
    Path data;

    private RepositoryServer server;
    private RepositoryEvents events;

    @BeforeEach
    void start() {
        server = RepositoryServer.startIdle(data, InstantSource.system());
        server.create("acme", "shop");
        events = new RepositoryEvents(server.database);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private List<JsonNode> listed() {
        return StreamSupport.stream(server.json(EVENTS + "?limit=500").path("events").spliterator(), false).toList();
    }

    private List<String> words() {
        return listed().stream().map(event -> event.path("actor").textValue() + " " + event.path("kind").textValue()
            + " " + event.path("subject").textValue()).toList();
    }

    @Test
    void eachChangeHasOneEventThatNamesTheActor() {
        server.pushed("acme/shop", TestDeb.of("hello", "1", "amd64"));
        assertEquals(422, server.push("acme/shop", TestDeb.of("hello", "1", "amd64")).statusCode());
        server.delete("acme/shop/debian/bookworm/hello_1_amd64.deb");
        HttpResponse<String> token = server.send(server.authorized("/api/v1/repos/acme/shop/master_tokens")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"master_token\":{\"name\":\"ci\"}}")));
        assertEquals(201, token.statusCode());
        List<String> words = words();
        String fingerprint = server.json("/api/repositories/acme/shop/keys").path("keys").get(0).path("fingerprint")
            .textValue();
        assertEquals(List.of("anna repository_added shop", "anna master_token_added default",
            "anna package_added debian/bookworm/hello_1_amd64.deb",
            "anna package_changed debian/bookworm/hello_1_amd64.deb", "anna master_token_added ci"),
            words.stream().filter(word -> !word.contains("signing_key")).toList());
        assertEquals(List.of("anna signing_key_added " + fingerprint),
            words.stream().filter(word -> word.contains("signing_key")).toList());
        JsonNode deleted = listed().stream().filter(event -> event.path("kind").textValue().equals("package_changed"))
            .findFirst().orElseThrow();
        assertEquals("pending", deleted.path("before").path("state").textValue());
        assertEquals("deleted", deleted.path("after").path("state").textValue());
        String value = token.body().replaceAll(".*\"value\":\"([0-9a-f]+)\".*", "$1");
        String all = server.get(EVENTS).body();
        assertFalse(all.contains(value) || all.contains("sealed") || all.contains("BEGIN"), "nothing secret: " + all);
    }

    @Test
    void whatTheServerDoesByItselfIsSaidToBeTheSystems() throws Exception {
        byte[] bad = TestDeb.of("bad", "1", "amd64");
        server.pushed("acme/shop", bad);
        server.blobs.delete(new BlobId(ClosureChecker.sha256(bad)));
        server.feature.startIndexing();
        server.settled();
        assertTrue(words().contains("system package_changed debian/bookworm/bad_1_amd64.deb"), words().toString());
    }

    @Test
    void theChainHasNoGapAndShowsWhatWasAltered() {
        for (int i = 0; i < 30; i++) {
            server.pushed("acme/shop", TestDeb.of("pkg" + i, "1", "amd64"));
        }
        int all = listed().size();
        assertEquals(all, events.chain());
        assertEquals(0, events.chain());
        server.pushed("acme/shop", TestDeb.of("last", "1", "amd64"));
        assertEquals(1, events.chain());
        var numbers = new ArrayList<Long>();
        listed().forEach(event -> numbers.add(event.path("number").longValue()));
        assertEquals(java.util.stream.LongStream.rangeClosed(1, all + 1).boxed().toList(),
            numbers.stream().sorted().toList());
        assertEquals(Optional.empty(), events.problem());
        for (String alteration : List.of("update repository_event set actor = 'nobody' where number = 7",
            "delete from repository_event where number = 7", "truncate repository_event")) {
            assertThrows(RuntimeException.class, () -> server.database.transact(sql -> sql.execute(alteration)));
        }
        forced("update repository_event set actor = 'nobody' where number = 7");
        assertEquals("the log of changes was altered at event 7", events.problem().orElseThrow());
        forced("update repository_event set actor = 'anna' where number = 7");
        assertEquals(Optional.empty(), events.problem());
        forced("delete from repository_event where number = 9");
        assertEquals("the log of changes was altered at event 9", events.problem().orElseThrow());
    }

    /// As someone would who owns the database.
    private void forced(String statement) {
        server.database.transact(sql -> {
            sql.execute("alter table repository_event disable trigger all");
            sql.execute(statement);
            return sql.execute("alter table repository_event enable trigger all");
        });
    }

    @Test
    void aFailedChangeLeavesNoEvent() {
        int before = listed().size();
        assertThrows(ArithmeticException.class, () -> server.database.transact(sql -> {
            sql.execute("update repository set private = true");
            throw new ArithmeticException("the change fails");
        }));
        assertEquals(before, listed().size());
    }

    @Test
    void onlyWhoManagesTheRepositorySeesItsEvents() {
        assertEquals(401, server.http.get(EVENTS).statusCode());
        assertEquals(404, server.get("/api/repositories/acme/none/events").statusCode());
    }
}
