package cambium.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The brake without a server: nothing here ever asks one.
class BrakeFileTest {
    private final RecordingServer server = new RecordingServer();
    private final Operator operator = Operator.at(server);

    @TempDir
    Path folder;

    @AfterEach
    void asksNobody() {
        assertEquals(0, server.asked().size());
        server.close();
    }

    private Operator.Result brake(String... arguments) {
        var all = new ArrayList<>(List.of("brake"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--data", folder.toString()));
        return operator.types(all.toArray(String[]::new));
    }

    @Test
    void writesTheReasonAndTakesTheFileAway() throws Exception {
        assertTrue(brake().out().contains("no brake file"));
        assertEquals(0, brake("on", "--why", "incident 42").code());
        assertEquals("incident 42\n", Files.readString(folder.resolve("brake")));
        assertTrue(brake().out().contains("incident 42"));
        assertTrue(brake("off", "--why", "clear").out().contains("cambium brake off --why TEXT"));
        assertFalse(Files.exists(folder.resolve("brake")));
        assertEquals(0, brake("off", "--why", "clear").code(), "nothing left to take away");
    }

    @Test
    void needsAReasonAndStopsTheWholeFleetOnly() {
        assertEquals(2, brake("on").code());
        assertEquals(2, brake("on", "--ring", "2", "--why", "incident 42").code());
        assertFalse(Files.exists(folder.resolve("brake")));
    }

    @Test
    void saysWhatToDoWhereItMayNotWrite() {
        var result = operator.types("brake", "on", "--why", "x", "--data", folder.resolve("missing").toString());
        assertEquals(1, result.code());
        assertTrue(result.err().contains("--data"), result.err());
    }
}
