package cambium.server.testing;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import cambium.server.sql.ChildPostgres;
import cambium.server.sql.Database;
import cambium.server.sql.DatabaseAddress;
import cambium.server.sql.Migrations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicInteger;

/// One real PostgreSQL per test JVM, and a fresh migrated database per call.
public final class TestDatabase {
    private static final String PASSWORD = "test";
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private TestDatabase() {}

    /// A database of its own with all migrations done. The caller may close it; it goes with the JVM otherwise.
    public static Database fresh() {
        return Database.open(freshAddress());
    }

    /// The same, for what opens the database itself.
    public static DatabaseAddress freshAddress() {
        return created("migrated");
    }

    /// An empty database without any migration.
    public static DatabaseAddress emptyAddress() {
        return created("template0");
    }

    /// A copy of one that nobody is connected to, as a backup that was restored.
    public static DatabaseAddress copyOf(DatabaseAddress original) {
        return created(original.jdbcUrl().substring(original.jdbcUrl().lastIndexOf('/') + 1));
    }

    /// A database whose tables lie in an empty folder of one's own. To be dropped before that goes.
    public static DatabaseAddress freshAddressIn(Path folder) {
        var space = "space_" + NUMBER.incrementAndGet();
        execute("create tablespace " + space + " location '" + folder + "'");
        return created("migrated", " tablespace " + space);
    }

    /// With the tablespace of its own.
    public static void drop(DatabaseAddress address) {
        var name = address.jdbcUrl().substring(address.jdbcUrl().lastIndexOf('/') + 1);
        execute("drop database " + name + " with (force)");
        execute("drop tablespace space_" + (Integer.parseInt(name.replace("test_", "")) - 1));
    }

    private static DatabaseAddress created(String template) {
        return created(template, "");
    }

    private static DatabaseAddress created(String template, String where) {
        var name = "test_" + NUMBER.incrementAndGet();
        execute("create database " + name + " template " + template + " strategy file_copy" + where);
        return Holder.addressOf(name);
    }

    private static void execute(String sql) {
        var address = Holder.CHILD.address();
        try (var connection = DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class Holder {
        static final ChildPostgres CHILD = start();

        static {
            execute("create database migrated");
            Migrations.migrate(addressOf("migrated"));
        }

        static DatabaseAddress addressOf(String name) {
            var address = CHILD.address();
            return new DatabaseAddress(address.jdbcUrl().replaceAll("/[^/]*$", "/" + name), address.user(), PASSWORD);
        }

        private static ChildPostgres start() {
            var shared = Path.of(System.getProperty("java.io.tmpdir"),
                    "cambium-test-" + System.getProperty("user.name"));
            var folder = shared.resolve("run-" + ProcessHandle.current().pid());
            try {
                Files.createDirectories(shared);
                // Test processes that start together must not sweep the same folder.
                try (var lock = FileChannel.open(shared.resolve("lock"), CREATE, WRITE); var held = lock.lock()) {
                    if (held.isValid()) {
                        sweep(shared);
                    }
                }
                Files.createDirectories(folder);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            var child = ChildPostgres.start(folder, shared, PASSWORD, ChildPostgres.Durability.FORGETFUL);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                child.close();
                remove(folder);
            }));
            return child;
        }

        /// Ends what test JVMs that were killed have left.
        private static void sweep(Path shared) throws IOException {
            try (var folders = Files.list(shared)) {
                for (var folder : folders.filter(f -> f.getFileName().toString().matches("run-[0-9]+")).toList()) {
                    var pid = Long.parseLong(folder.getFileName().toString().substring("run-".length()));
                    if (ProcessHandle.of(pid).isEmpty()) {
                        ChildPostgres.stopOrphan(folder.resolve("database"));
                        remove(folder);
                    }
                }
            }
        }

        private static void remove(Path folder) {
            try (var files = Files.walk(folder)) {
                files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
