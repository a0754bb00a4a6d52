package cambium.acceptance.durability;

import cambium.acceptance.Await;
import cambium.acceptance.CommandRun;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Debian's PostgreSQL, as operators have one: a cluster of its own with the empty database `cambium`, on a free port
/// of the loopback interface, and the tools of its release.
final class OtherPostgres implements AutoCloseable {
    private static final Path PROGRAMS = Path.of("/usr/lib/postgresql/15/bin");

    private final Process process;
    private final int port;

    private OtherPostgres(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    static OtherPostgres start(Path folder) throws Exception {
        int port;
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        var sockets = Files.createDirectories(folder.resolve("sockets")).toString();
        var cluster = folder.resolve("cluster").toString();
        CommandRun.of(asNobody("initdb", "-D", cluster, "-U", "cambium", "--auth=trust", "--encoding=UTF8",
                "--no-locale", "--no-sync"), _ -> {}).successful();
        var process = new ProcessBuilder(asNobody("postgres", "-D", cluster, "-p", Integer.toString(port),
                "-k", sockets, "-h", "127.0.0.1", "-c", "fsync=off")).redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile()).start();
        var started = new OtherPostgres(process, port);
        Await.until("PostgreSQL answers", () ->
                started.tool("pg_isready", "-q", "-d", started.url("postgres")).exit() == 0);
        started.tool("createdb", "--maintenance-db=" + started.url("postgres"), "cambium").successful();
        return started;
    }

    String url(String database) {
        return "postgresql://cambium@127.0.0.1:" + port + "/" + database;
    }

    CommandRun tool(String program, String... arguments) throws IOException {
        var command = new ArrayList<>(List.of(PROGRAMS.resolve(program).toString()));
        command.addAll(List.of(arguments));
        return CommandRun.of(command, _ -> {});
    }

    /// PostgreSQL does not start as root.
    private static List<String> asNobody(String program, String... arguments) {
        var command = new ArrayList<String>();
        if ("root".equals(System.getProperty("user.name"))) {
            command.addAll(List.of("unshare", "-U"));
        }
        command.add(PROGRAMS.resolve(program).toString());
        command.addAll(List.of(arguments));
        return command;
    }

    /// SIGINT ends it at once with its clients' sessions.
    @Override
    public void close() throws IOException {
        CommandRun.of("kill", "-INT", Long.toString(process.pid())).successful();
        process.onExit().join();
    }
}
