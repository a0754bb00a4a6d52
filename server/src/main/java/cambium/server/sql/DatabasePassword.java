package cambium.server.sql;

import cambium.server.config.DataFolder;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/// The password of the PostgreSQL of our own: random, made once, kept in the data folder for its owner only. Without it
/// every user of the machine could enter the database.
public final class DatabasePassword {
    private static final String FILE = "database-password";
    private static final int RANDOM_BYTES = 16;

    private DatabasePassword() {}

    public static String of(DataFolder folder, RandomGenerator random) {
        return folder.secret(FILE).orElseGet(() -> {
            var bytes = new byte[RANDOM_BYTES];
            random.nextBytes(bytes);
            var fresh = HexFormat.of().formatHex(bytes);
            folder.keepSecret(FILE, fresh);
            return fresh;
        });
    }
}
