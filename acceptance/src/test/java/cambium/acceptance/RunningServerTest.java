package cambium.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunningServerTest {
    @TempDir
    Path folder;

    @Test
    void startsAnswersAndStopsCleanlyFromAFolderWithASpace() throws Exception {
        try (var server = RunningServer.start(folder.resolve("data of mine"))) {
            assertEquals("[]", server.get("/api/v1/repos").toString());
            assertEquals(0, server.stop());
            assertFalse(server.isAlive());
        }
    }
}
