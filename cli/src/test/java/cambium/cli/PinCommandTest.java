package cambium.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PinCommandTest {
    private final RecordingServer server = new RecordingServer();
    private final Operator operator = Operator.at(server);

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void pinsAndReleasesByNameAndReason() {
        server.answer("POST /api/fleet/pins", 200, "{\"changed\":true,\"text\":\"waits for nothing\"}");
        server.answer("DELETE /api/fleet/pins?scope=cell%20c1&why=done", 200, "{\"changed\":true}");
        assertEquals("ring 2 is pinned to 1.2.0\n  waits for nothing\n",
                operator.types("pin", "1.2.0", "--ring", "2", "--why", "audit", "--until", "30m").out());
        assertEquals("cell c1 is not pinned any more\n", operator.types("pin", "--off", "--cell", "c1", "--why", "done")
                .out());
        assertTrue(server.calls().getFirst().startsWith("POST /api/fleet/pins {\"scope\":\"ring 2\",\"version\":"
                + "\"1.2.0\",\"why\":\"audit\",\"until\":\""), server.calls().toString());
        for (var wrong : List.of(List.of("pin", "1.2.0", "--why", "x"), List.of("pin", "1.2.0", "--ring", "2"),
                List.of("pin", "--ring", "2", "--why", "x"),
                List.of("pin", "1.2.0", "--off", "--ring", "2", "--why", "x"),
                List.of("pin", "1.2.0", "--ring", "2", "--cell", "c", "--why", "x"))) {
            assertEquals(2, operator.types(wrong.toArray(String[]::new)).code(), wrong.toString());
        }
        assertEquals(2, server.calls().size(), "wrong use asks for nothing");
    }
}
