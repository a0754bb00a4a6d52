package cambium.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;

/// The data folder of a server that has made its database and two spare signing keys (each twice RSA-4096, seconds of
/// work), made once for all tests and copied for each that starts on a folder which is not there.
final class PreparedFolder {
    /// More than any test makes repositories.
    private static final int COPIES_OF_KEYS = 6;
    private static final Path ORIGINAL = made();

    private PreparedFolder() {}

    /// The programs of PostgreSQL never change, so they are linked.
    static void copyTo(Path data) throws IOException {
        Files.createDirectories(data);
        for (var name : List.of("database", "database-password", "master-key")) {
            CommandRun.of("cp", "-a", ORIGINAL.resolve(name).toString(), data.toString()).successful();
        }
        try (var folders = Files.newDirectoryStream(ORIGINAL, "postgres-*")) {
            for (var programs : folders) {
                CommandRun.of("cp", "-a", "-l", programs.toString(), data.toString()).successful();
            }
        }
    }

    private static Path made() {
        try {
            var folder = Files.createTempDirectory("cambium-prepared-");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(folder)));
            var data = folder.resolve("data");
            try (var server = RunningServer.startFresh(data)) {
                var port = Files.readAllLines(data.resolve("database/postmaster.pid")).get(3).strip();
                var password = Files.readString(data.resolve("database-password"), UTF_8).strip();
                try (var connection = DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/postgres",
                        "cambium", password); var statement = connection.createStatement()) {
                    Await.until("there are spare keys", () -> {
                        var row = statement.executeQuery("select count(*) from signing_key where fingerprint is null");
                        return row.next() && row.getInt(1) >= 2;
                    });
                    statement.execute("insert into signing_key (sealed_secret, made_at) "
                            + "select sealed_secret, made_at from signing_key, generate_series(1, "
                            + COPIES_OF_KEYS + ")");
                }
                server.stop();
            }
            return data;
        } catch (SQLException e) {
            throw new IllegalStateException("the prepared database cannot be looked at", e);
        } catch (Exception e) {
            throw new IllegalStateException("no data folder could be prepared", e);
        }
    }

    private static void remove(Path folder) {
        try {
            CommandRun.of("rm", "-r", folder.toString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
