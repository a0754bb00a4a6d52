package cambium.acceptance.roles;

import cambium.acceptance.RunningServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Processes with roles of their own that share one PostgreSQL, one folder of blobs and one master key.
final class SharedServer implements AutoCloseable {
    private final Path folder;
    private final RunningServer web;
    private final List<RunningServer> others = new ArrayList<>();

    private SharedServer(Path folder, RunningServer web) {
        this.folder = folder;
        this.web = web;
    }

    /// Begins with the process that owns the database.
    static SharedServer start(Path folder, String roles) throws IOException {
        return new SharedServer(folder, RunningServer.start(folder.resolve("web"), "--roles", roles));
    }

    RunningServer web() {
        return web;
    }

    /// Another process on the database and the blobs of the first.
    RunningServer join(String name, String role, String... more) throws IOException {
        return join(List.of(), name, role, more);
    }

    /// The same, behind a command that puts it elsewhere.
    RunningServer join(List<String> before, String name, String role, String... more) throws IOException {
        return join(before, "127.0.0.1:" + databasePort(), Map.of(), name, role, more);
    }

    /// The same, which knows the database by that name.
    RunningServer joinBy(String host, Map<String, String> environment, String name, String role, String... more)
            throws IOException {
        return join(List.of(), host + ":" + databasePort(), environment, name, role, more);
    }

    /// The same, which finds the database elsewhere: what stands there leads to it.
    RunningServer joinAt(String place, String name, String role, String... more) throws IOException {
        return join(List.of(), place, Map.of(), name, role, more);
    }

    private RunningServer join(List<String> before, String place, Map<String, String> variables, String name,
            String role, String... more) throws IOException {
        var settings = new ArrayList<>(List.of("--roles", role, "--blobs", web.data().resolve("blobs").toString()));
        settings.addAll(List.of(more));
        var environment = new HashMap<>(variables);
        environment.put("CAMBIUM_DATABASE_URL", "postgresql://cambium:" + kept("database-password")
                + "@" + place + "/postgres");
        environment.put("CAMBIUM_MASTER_KEY", kept("master-key"));
        var server = RunningServer.startBehind(before, folder.resolve(name), environment,
                settings.toArray(String[]::new));
        others.add(server);
        return server;
    }

    /// Lets the machines of a network have the database, with the password.
    void admit(String network) throws IOException, SQLException {
        Files.writeString(web.data().resolve("database/pg_hba.conf"), "host all all " + network + " scram-sha-256\n",
                StandardOpenOption.APPEND);
        run("select pg_reload_conf()");
    }

    /// Ends the database's connections, of all processes.
    void endConnections() throws IOException, SQLException {
        run("select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() "
                + "and backend_type = 'client backend'");
    }

    private void run(String sql) throws IOException, SQLException {
        try (var connection = DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + databasePort()
                + "/postgres", "cambium", kept("database-password")); var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private String kept(String secret) throws IOException {
        return Files.readString(web.data().resolve(secret)).strip();
    }

    int databasePort() throws IOException {
        return Integer.parseInt(Files.readAllLines(web.data().resolve("database/postmaster.pid")).get(3).strip());
    }

    /// The first process owns the database, so it goes last.
    @Override
    public void close() {
        others.reversed().forEach(RunningServer::close);
        web.close();
    }
}
