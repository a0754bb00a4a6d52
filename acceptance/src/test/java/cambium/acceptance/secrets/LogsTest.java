package cambium.acceptance.secrets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.acceptance.Hosted;
import cambium.acceptance.RunningServer;
import cambium.acceptance.ServerLogs;
import cambium.acceptance.apt.DebBuilder;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// No secret that any test of this run has sent or been given is in the log of any server (P-22). By itself it uses a
/// token in every way that a client may, so that there is always something to leak.
@Tag("comes-last")
class LogsTest {
    @TempDir
    Path folder;

    @Test
    void noLogOfTheWholeRunHoldsASecret() throws Exception {
        try (var server = RunningServer.start(folder.resolve("data"))) {
            var shop = Hosted.createPrivate(server, "acme/secret");
            shop.pushed(DebBuilder.of("tool", "1").build(folder));
            shop.awaitIndexed();
            var token = server.post("/api/v1/repos/acme/secret/master_tokens", "{\"master_token\":{\"name\":\"ci\"}}")
                    .get("value").asText();
            assertTrue(ServerLogs.secrets().contains(token), "its value is noted");
            for (var path : List.of("/" + token + "/acme/secret/debian/dists/bookworm/InRelease",
                    "/acme/secret/debian/dists/bookworm/InRelease?token=" + token,
                    "/" + token + "/acme/secret/debian/pool/none", "/" + token + "%00/acme/secret")) {
                ask(server, path, RunningServer.basic(token));
                ask(server, path, "Bearer " + token);
                ask(server, path, RunningServer.basic(token.substring(1) + "f"));
            }
            assertEquals(302, ask(server, "/acme/secret/packages/debian/bookworm/tool_1_all.deb/download",
                    RunningServer.basic(RunningServer.TOKEN)));
            assertEquals(0, server.stop());
        }
        assertTrue(ServerLogs.files().stream().allMatch(Files::isReadable) && !ServerLogs.files().isEmpty());
        assertEquals(List.of(), ServerLogs.leaks(), ServerLogs.secrets().size() + " secrets were looked for");
    }

    private static int ask(RunningServer server, String path, String authorization) throws Exception {
        return server.send(HttpRequest.newBuilder(server.at(path)).header("Authorization", authorization).build())
                .statusCode();
    }
}
