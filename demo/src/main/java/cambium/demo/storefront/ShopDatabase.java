package cambium.demo.storefront;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.h2.jdbcx.JdbcConnectionPool;
import org.h2.tools.Restore;

/// The shop's database: one H2 file. Automatic mixed mode lets a migration open it beside the running shop.
final class ShopDatabase implements AutoCloseable {
    static final int MAX_CONNECTIONS = 8;

    private final JdbcConnectionPool pool;

    ShopDatabase(Path folder) {
        // The file's owner serves the second process over a socket: on this machine only.
        System.setProperty("h2.bindAddress", "127.0.0.1");
        this.pool = JdbcConnectionPool.create(
                "jdbc:h2:file:" + folder.toAbsolutePath().resolve("orders") + ";AUTO_SERVER=TRUE", "shop", "");
        pool.setMaxConnections(MAX_CONNECTIONS);
    }

    <T> T with(Work<T> work) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            return work.in(connection);
        }
    }

    /// Writes everything into one file, while others go on using it.
    void backUp(Path file) throws SQLException {
        with(connection -> {
            try (var backup = connection.prepareStatement("BACKUP TO ?")) {
                backup.setString(1, file.toAbsolutePath().toString());
                return backup.execute();
            }
        });
    }

    /// Puts back what [#backUp] wrote. Nobody may use the database meanwhile.
    static void restore(Path file, Path folder) {
        Restore.execute(file.toString(), folder.toString(), null);
    }

    @Override
    public void close() {
        pool.dispose();
    }

    /// What is done with one connection.
    @FunctionalInterface
    interface Work<T> {
        T in(Connection connection) throws SQLException;
    }
}
