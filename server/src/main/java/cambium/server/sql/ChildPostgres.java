package cambium.server.sql;

import cambium.server.config.StartRefused;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A PostgreSQL of our own, run as a child process on a folder: no other set-up. It is put into a session of its own,
/// so that Ctrl-C at a terminal reaches the server first, which drains before it stops the database. One that outlived
/// its server is stopped by the next start. Caller holds the lock of the folder.
public final class ChildPostgres implements AutoCloseable {
    /// `FORGETFUL` does not wait for the disk; for tests only.
    public enum Durability { DURABLE, FORGETFUL }

    private static final Logger LOG = LoggerFactory.getLogger(ChildPostgres.class);
    private static final String USER = "cambium";
    private static final int START_TRIES = 5;
    private static final Duration START_PATIENCE = Duration.ofSeconds(60);
    private static final Duration LOOK = Duration.ofMillis(5);
    private static final long MAX_LOG_BYTES = 8L << 20;

    private final Path cluster;
    private final Process process;
    private final DatabaseAddress address;

    private ChildPostgres(Path cluster, Process process, DatabaseAddress address) {
        this.cluster = cluster;
        this.process = process;
        this.address = address;
    }

    /// Starts it on `folder`/database with the programs below `programs`, both made where missing. `password` must be
    /// the same at every start of the same folder.
    public static ChildPostgres start(Path folder, Path programs, String password, Durability durability) {
        try {
            var home = PostgresBinaries.unpackedBelow(programs);
            var cluster = folder.resolve("database");
            stopOrphan(cluster);
            initialise(home, folder, cluster, password, durability);
            return launch(home, folder, cluster, password, durability);
        } catch (IOException e) {
            throw new StartRefused("PostgreSQL could not be started in " + folder + ": " + e.getMessage()
                    + " (or use one that runs already, with --database-url)", e);
        }
    }

    public DatabaseAddress address() {
        return address;
    }

    /// The process number of its main process.
    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        try {
            if (process.isAlive()) {
                new Postmaster(process.toHandle()).stop();
            }
        } catch (IOException e) {
            LOG.error("PostgreSQL did not stop cleanly; the next start recovers {}", cluster, e);
        }
    }

    /// Stops the postmaster that a killed server has left on this folder, if there is one.
    public static void stopOrphan(Path cluster) throws IOException {
        var orphan = Postmaster.of(cluster);
        if (orphan.isPresent()) {
            LOG.info("stopping the PostgreSQL (process {}) that an earlier server has left",
                    orphan.get().process().pid());
            orphan.get().stop();
        }
    }

    private static void initialise(Path home, Path folder, Path cluster, String password, Durability durability)
            throws IOException {
        if (Files.exists(cluster)) {
            return;
        }
        var fresh = folder.resolve("database.initialising");
        PostgresBinaries.deleteTree(fresh);
        var passwordFile = Files.createTempFile(folder, "initdb-", ".tmp",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.writeString(passwordFile, password + "\n");
            var command = asOrdinaryUser();
            command.addAll(List.of(home.resolve("bin/initdb").toString(), "-D", fresh.toString(), "-U", USER,
                    "--encoding=UTF8", "--locale=C", "--auth=scram-sha-256", "--pwfile=" + passwordFile));
            if (durability == Durability.FORGETFUL) {
                command.add("--no-sync");
            }
            Commands.run(command);
        } finally {
            Files.deleteIfExists(passwordFile);
        }
        Files.move(fresh, cluster, StandardCopyOption.ATOMIC_MOVE);
    }

    private static ChildPostgres launch(Path home, Path folder, Path cluster, String password, Durability durability)
            throws IOException {
        var log = folder.resolve("postgres.log");
        if (Files.exists(log) && Files.size(log) > MAX_LOG_BYTES) {
            Files.move(log, folder.resolve("postgres.log.old"), StandardCopyOption.REPLACE_EXISTING);
        }
        for (var attempt = 1; attempt <= START_TRIES; attempt++) {
            var port = freePort();
            var process = new ProcessBuilder(commandLine(home, cluster, port, durability))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            process.getOutputStream().close();
            if (becomesReady(process, cluster)) {
                var url = "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
                return new ChildPostgres(cluster, process, new DatabaseAddress(url, USER, password));
            }
        }
        throw new IOException("it ended at once; the reason is in " + log);
    }

    private static List<String> commandLine(Path home, Path cluster, int port, Durability durability) {
        var command = new ArrayList<>(List.of("setsid"));
        command.addAll(asOrdinaryUser());
        command.addAll(List.of(home.resolve("bin/postgres").toString(), "-D", cluster.toString(), "-p",
                Integer.toString(port)));
        for (var setting : PostgresSettings.of(durability)) {
            command.add("-c");
            command.add(setting);
        }
        return command;
    }

    private static boolean becomesReady(Process process, Path cluster) throws IOException {
        var end = System.nanoTime() + START_PATIENCE.toNanos();
        while (process.isAlive()) {
            if (Postmaster.isReady(cluster, process.pid())) {
                return true;
            }
            if (System.nanoTime() > end) {
                process.destroyForcibly();
                throw new IOException("not ready after " + START_PATIENCE.toSeconds() + " s");
            }
            pause();
        }
        return false;
    }

    /// PostgreSQL refuses to run as root; in a user namespace of its own it sees another number, while the files keep
    /// their owner.
    private static List<String> asOrdinaryUser() {
        if (!"root".equals(System.getProperty("user.name"))) {
            return new ArrayList<>();
        }
        var unshare = List.of("unshare", "-U");
        if (!Commands.succeeds(List.of("unshare", "-U", "true"))) {
            throw new StartRefused("PostgreSQL does not run as root, and this system allows no user namespaces "
                    + "(unshare -U); start as another user, or give a PostgreSQL with --database-url");
        }
        return new ArrayList<>(unshare);
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(LOOK);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while PostgreSQL starts", e);
        }
    }
}
