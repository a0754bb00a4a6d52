package cambium.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RepairCommandTest {
    private static final String UNDER_WAY =
            "{\"asked_at\":\"2026-11-22T03:00:00Z\",\"asked_by\":\"anna\",\"done_at\":null,\"report\":null}";
    private static final String DONE = """
            {"asked_at":"2026-11-22T03:00:00Z","asked_by":"anna","done_at":"2026-11-22T03:00:09Z","report":{
            "channels_advanced":2,"channels_rebuilt":1,"files_checked":7,"packages_failed":%d,
            "maven_files_missing":0,"blobs_unnamed":3,"packages_unnamed":%d,"failed":[%s],"missing":[],
            "unnamed":[%s]}}""";

    private final RecordingServer server = new RecordingServer();
    private final Operator operator = Operator.at(server);

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void waitsAndIsContentWhereNothingIsLost() {
        server.answer("POST /api/repair", 202, UNDER_WAY);
        server.answer("GET /api/repair", 200, UNDER_WAY);
        server.answer("GET /api/repair", 200, DONE.formatted(0, 0, "", ""));
        var result = operator.types("repair");
        assertEquals(0, result.code());
        assertEquals("Files of packages compared with the blob store: 7. Indexes that go on from a higher number: 2; "
                + "that are made again: 1.\n", result.out());
    }

    @Test
    void endsBadlyAndNamesWhatIsLost() {
        server.answer("POST /api/repair", 202, DONE.formatted(1, 1,
                "{\"repository\":\"acme/shop\",\"suite\":\"debian/bookworm\","
                        + "\"filename\":\"a_1_all.deb\",\"why\":\"x\"}",
                "{\"sha256\":\"ab12\",\"size_bytes\":812,\"filename\":\"late_1_all.deb\"}"));
        var result = operator.types("repair");
        assertEquals(1, result.code());
        assertTrue(result.out().endsWith("""
                Packages that have lost their bytes, to be pushed again: 1
                repository  suite            filename
                acme/shop   debian/bookworm  a_1_all.deb
                Packages that the database does not know, to be pushed again where they belong: 1
                filename        size bytes  sha256
                late_1_all.deb  812         ab12
                """), result.out());
    }

    @Test
    void needsNotWait() {
        server.answer("POST /api/repair", 202, UNDER_WAY);
        var result = operator.types("repair", "--no-wait");
        assertEquals(0, result.code());
        assertEquals("The repair is under way.\n", result.out());
    }
}
