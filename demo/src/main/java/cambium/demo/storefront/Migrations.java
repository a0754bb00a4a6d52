package cambium.demo.storefront;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Applies SQL files in the order of their names, each once, and remembers them in the table `schema_migrations`.
/// H2 commits each schema change at once, so a file is written such that running it a second time does no harm.
final class Migrations {
    private final ShopDatabase database;

    Migrations(ShopDatabase database) {
        this.database = database;
    }

    boolean arePending(Path folder) throws IOException, SQLException {
        List<Path> files = files(folder);
        Set<String> known = database.with(Migrations::known);
        return files.stream().anyMatch(file -> !known.contains(name(folder, file)));
    }

    private static String name(Path folder, Path file) {
        return folder.getFileName() + "/" + file.getFileName();
    }

    /// @return the names of the files that were applied now
    List<String> apply(Path folder) throws IOException, SQLException {
        var applied = new ArrayList<String>();
        List<Path> files = files(folder);
        database.with(connection -> {
            Set<String> known = known(connection);
            for (Path file : files) {
                String name = name(folder, file);
                if (!known.contains(name)) {
                    apply(connection, name, read(file));
                    applied.add(name);
                }
            }
            return applied;
        });
        return applied;
    }

    private static List<Path> files(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".sql")).sorted().toList();
        }
    }

    private static String read(Path file) throws SQLException {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new SQLException("cannot read " + file, unreadable);
        }
    }

    private static Set<String> known(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS schema_migrations"
                    + " (name VARCHAR(200) PRIMARY KEY, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP)");
            var names = new HashSet<String>();
            try (var rows = statement.executeQuery("SELECT name FROM schema_migrations")) {
                while (rows.next()) {
                    names.add(rows.getString(1));
                }
            }
            return names;
        }
    }

    private static void apply(Connection connection, String name, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                var record = connection.prepareStatement("INSERT INTO schema_migrations (name) VALUES (?)")) {
            statement.execute(sql);
            record.setString(1, name);
            record.executeUpdate();
        }
    }
}
