package cambium.server.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;

import cambium.server.http.Json;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RotationTimeTest {
    /// The time of a key is part of its fingerprint. Where it was remembered a second late, whatever the key signed was
    /// by a key that nobody had.
    @Test
    void aNewKeySignsAsTheKeyThatClientsGetHoweverLongItsMakingTakes(@TempDir Path data) throws Exception {
        var looks = new AtomicInteger();
        try (var server = RepositoryServer.startIdle(data, () -> Instant.now().plusSeconds(looks.incrementAndGet()))) {
            server.create("acme", "shop");
            server.giveSpareKey();
            String keys = "/api/repositories/acme/shop/keys";
            var rotated = server.send(server.authorized(keys + "/rotate").header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"grace\":\"P1D\"}")));
            assertEquals(201, rotated.statusCode(), rotated.body());
            var key = Json.read(rotated.body().getBytes());
            Path file = Files.writeString(data.resolve("key.asc"), server.get(keys + "/"
                + key.path("fingerprint").textValue()).body());
            String shown = new String(new TestGpg(data).run("--show-keys", "--with-colons", file.toString()));
            long inPublicPart = Long.parseLong(shown.lines().filter(line -> line.startsWith("pub:")).findFirst()
                .orElseThrow().split(":")[5]);
            assertEquals(inPublicPart, Instant.parse(key.path("created_at").textValue()).getEpochSecond());
        }
    }
}
