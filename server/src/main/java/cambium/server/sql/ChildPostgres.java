package cambium.server.sql;

import cambium.server.config.StartRefused;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
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
    /// What was written since its last checkpoint (at most 512 MB) is read again before it takes connections.
    private static final Duration RECOVERY_PATIENCE = Duration.ofMinutes(10);
    private static final Duration LOOK = Duration.ofMillis(5);
    private static final long MAX_LOG_BYTES = 8L << 20;
    private static final int MAX_TAIL_BYTES = 4096;
    private static final int MAX_SAID = 300;

    private final Place place;
    private final Process process;
    private final int port;

    /// The folder of its programs, the server's folder, and how it is entered and kept.
    private record Place(Path home, Path folder, String password, Durability durability) {
        Path cluster() {
            return folder.resolve("database");
        }

        Path log() {
            return folder.resolve("postgres.log");
        }
    }

    private ChildPostgres(Place place, Process process, int port) {
        this.place = place;
        this.process = process;
        this.port = port;
    }

    /// Starts it on `folder`/database with the programs below `programs`, both made where missing. `password` must be
    /// the same at every start of the same folder.
    public static ChildPostgres start(Path folder, Path programs, String password, Durability durability) {
        try {
            var place = new Place(PostgresBinaries.unpackedBelow(programs), folder, password, durability);
            stopOrphan(place.cluster());
            initialise(place);
            for (var attempt = 1; ; attempt++) {
                try {
                    return launch(place, freePort(), START_PATIENCE);
                } catch (EndedAtOnce taken) {
                    // Another program may have taken the port meanwhile.
                    if (attempt == START_TRIES) {
                        throw taken;
                    }
                }
            }
        } catch (IOException e) {
            throw new StartRefused("PostgreSQL could not be started in " + folder + ": " + e.getMessage()
                    + " (or use one that runs already, with --database-url)", e);
        }
    }

    /// Starts it once more after it has ended, at the same port, since other processes may know it by that one. A
    /// single try; where it fails nothing is left running.
    ChildPostgres again() throws IOException {
        return launch(place, port, RECOVERY_PATIENCE);
    }

    /// Waits for its end and gives its exit code.
    int awaitEnd() throws InterruptedException {
        return process.waitFor();
    }

    public DatabaseAddress address() {
        return new DatabaseAddress("jdbc:postgresql://127.0.0.1:" + port + "/postgres", USER, place.password());
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
            LOG.error("PostgreSQL did not stop cleanly; the next start recovers {}", place.cluster(), e);
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

    private static void initialise(Place place) throws IOException {
        if (Files.exists(place.cluster())) {
            return;
        }
        var fresh = place.folder().resolve("database.initialising");
        PostgresBinaries.deleteTree(fresh);
        var passwordFile = Files.createTempFile(place.folder(), "initdb-", ".tmp",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.writeString(passwordFile, place.password() + "\n");
            var command = asOrdinaryUser();
            command.addAll(List.of(place.home().resolve("bin/initdb").toString(), "-D", fresh.toString(), "-U", USER,
                    "--encoding=UTF8", "--locale=C", "--auth=scram-sha-256", "--pwfile=" + passwordFile));
            if (place.durability() == Durability.FORGETFUL) {
                command.add("--no-sync");
            }
            Commands.run(command);
        } finally {
            Files.deleteIfExists(passwordFile);
        }
        Files.move(fresh, place.cluster(), StandardCopyOption.ATOMIC_MOVE);
    }

    private static ChildPostgres launch(Place place, int port, Duration patience) throws IOException {
        var log = place.log();
        if (Files.exists(log) && Files.size(log) > MAX_LOG_BYTES) {
            Files.move(log, place.folder().resolve("postgres.log.old"), StandardCopyOption.REPLACE_EXISTING);
        }
        var process = new ProcessBuilder(commandLine(place, port))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        var ready = false;
        try {
            process.getOutputStream().close();
            ready = becomesReady(process, place.cluster(), patience);
        } finally {
            if (!ready) {
                giveUp(process);
            }
        }
        if (!ready) {
            throw new EndedAtOnce("it ended at once (" + lastComplaint(log) + "); more is in " + log);
        }
        return new ChildPostgres(place, process, port);
    }

    /// Nothing of it may live on, also where whoever waits for it is told to end.
    private static void giveUp(Process process) throws IOException {
        var interrupted = Thread.interrupted();
        try {
            if (process.isAlive()) {
                new Postmaster(process.toHandle()).stop();
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// The port may be taken, the disk full: PostgreSQL says why in its log.
    private static final class EndedAtOnce extends IOException {
        EndedAtOnce(String message) {
            super(message);
        }
    }

    private static String lastComplaint(Path log) throws IOException {
        try (var file = new RandomAccessFile(log.toFile(), "r")) {
            file.seek(Math.max(0, file.length() - MAX_TAIL_BYTES));
            var tail = new byte[MAX_TAIL_BYTES];
            int length = Math.max(0, file.read(tail));
            var lines = new String(tail, 0, length, StandardCharsets.UTF_8).strip().lines().toList();
            return lines.stream().filter(line -> line.contains("FATAL: ") || line.contains("PANIC: "))
                    .reduce((_, last) -> last).or(() -> lines.stream().reduce((_, last) -> last))
                    .map(line -> line.substring(0, Math.min(line.length(), MAX_SAID))).orElse("it said nothing");
        }
    }

    private static List<String> commandLine(Place place, int port) {
        var command = new ArrayList<>(List.of("setsid"));
        command.addAll(asOrdinaryUser());
        command.addAll(List.of(place.home().resolve("bin/postgres").toString(), "-D", place.cluster().toString(),
                "-p", Integer.toString(port)));
        for (var setting : PostgresSettings.of(place.durability())) {
            command.add("-c");
            command.add(setting);
        }
        return command;
    }

    private static boolean becomesReady(Process process, Path cluster, Duration patience) throws IOException {
        var end = System.nanoTime() + patience.toNanos();
        while (process.isAlive()) {
            if (Postmaster.isReady(cluster, process.pid())) {
                return true;
            }
            if (System.nanoTime() > end) {
                throw new IOException("not ready after " + patience.toSeconds() + " s");
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
