package cambium.server.testing;

import cambium.server.access.MasterKey;
import cambium.server.config.DataFolder;
import cambium.server.sql.Database;
import cambium.server.sql.DatabaseAddress;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;

/// Signing keys for repositories that a test will create: half as long as real ones, since making those takes seconds.
public final class SpareSigningKeys {
    private static final int BITS = 2048;

    private SpareSigningKeys() {}

    /// Seals them with that master key, as a server with it would; `folder` is a place for nothing else.
    public static void give(DatabaseAddress address, Path folder, String masterKey, int count)
            throws NoSuchAlgorithmException {
        try (var database = Database.open(address); var locked = DataFolder.lock(folder)) {
            var key = MasterKey.of(locked, Optional.of(masterKey), new SecureRandom());
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(BITS);
            for (int i = 0; i < count; i++) {
                var secret = key.seal("repository-signing-key", generator.generateKeyPair().getPrivate().getEncoded());
                database.transact(sql -> sql.execute("insert into signing_key (sealed_secret, made_at) "
                        + "values (?, ?::timestamptz)", secret, InstantSource.system().instant()));
            }
        }
    }
}
