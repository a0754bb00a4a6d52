package cambium.acceptance;

import static java.lang.ProcessBuilder.Redirect.DISCARD;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// The data folder of a server that has made its database and two spare signing keys (each twice RSA-4096, seconds of
/// work), made once for the tests of all processes of a run, and copied for each that starts on a folder which is not
/// there. Who needs it while it is made waits; the last process to end removes it.
final class PreparedFolder {
    /// More than any test makes repositories.
    private static final int COPIES_OF_KEYS = 6;
    private static final Path ORIGINAL = shared();

    private PreparedFolder() {}

    /// Where the folder is stands in a file. One lock lets a single process come or go at a time, the other is shared
    /// by those that use the folder, until they end.
    private static Path shared() {
        try {
            var run = Files.createDirectories(Path.of("target", "prepared", ServerLogs.RUN));
            var place = run.resolve("place");
            var doorway = FileChannel.open(run.resolve("doorway"), CREATE, WRITE);
            var users = FileChannel.open(run.resolve("users"), CREATE, READ, WRITE);
            try (var _ = doorway.lock()) {
                if (standing(place).isEmpty()) {
                    Files.writeString(place, made().toString());
                }
                var folder = standing(place).orElseThrow();
                var use = users.lock(0, Long.MAX_VALUE, true);
                Runtime.getRuntime().addShutdownHook(new Thread(() -> leave(doorway, users, use, folder)));
                return folder.resolve("data");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<Path> standing(Path place) throws IOException {
        return Files.exists(place) ? Optional.of(Path.of(Files.readString(place))).filter(Files::exists)
                : Optional.empty();
    }

    private static void leave(FileChannel doorway, FileChannel users, FileLock use, Path folder) {
        try (doorway; users; var _ = doorway.lock()) {
            use.release();
            if (users.tryLock() != null) {
                CommandRun.of("rm", "-r", folder.toString());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

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
            var data = folder.resolve("data");
            rehearseMeanwhile();
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
            return folder;
        } catch (SQLException e) {
            throw new IllegalStateException("the prepared database cannot be looked at", e);
        } catch (Exception e) {
            throw new IllegalStateException("no data folder could be prepared", e);
        }
    }

    /// The first to be started after a build rehearses, which takes as long as all the rest here: so another than the
    /// one that is waited for.
    private static void rehearseMeanwhile() throws IOException {
        new ProcessBuilder(Checkout.root().resolve("cambium").toString(), "serve", "--help")
                .redirectOutput(DISCARD).redirectError(DISCARD).start();
    }
}
