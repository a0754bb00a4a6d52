package cambium.server.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;

import cambium.server.blob.BlobId;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PoolTableTest {
    @Test
    void behavesLikeAMap() {
        long seed = 11;
        var random = new Random(seed);
        Map<String, BlobId> model = new HashMap<>();
        var table = new PoolTable();
        for (int i = 0; i < 20_000; i++) {
            String name = "pool/main/p/" + random.nextInt(3_000) + ".deb";
            if (random.nextInt(4) == 0) {
                model.remove(name);
                table.remove(name);
            } else {
                byte[] digest = new byte[32];
                random.nextBytes(digest);
                var blob = new BlobId(HexFormat.of().formatHex(digest));
                model.put(name, blob);
                table.put(name, blob);
            }
            String asked = "pool/main/p/" + random.nextInt(4_000) + ".deb";
            assertEquals(Optional.ofNullable(model.get(asked)), table.find(asked), "seed " + seed + ", step " + i);
        }
    }
}
