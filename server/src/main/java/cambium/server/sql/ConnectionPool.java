package cambium.server.sql;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/// A bounded number of connections. That all of them are in use says nothing of the database: whoever comes then waits
/// for a turn as long as others are answered, and is only refused where the database answers nobody, or after a bound.
final class ConnectionPool implements AutoCloseable {
    private final HikariDataSource source;
    private final AtomicLong answers = new AtomicLong();

    /// The configuration's connection timeout is how long the database may answer nobody.
    ConnectionPool(HikariConfig config) {
        source = new HikariDataSource(config);
    }

    /// A connection, after waiting for at most about `maxTurn`. Throws when there is none.
    Connection take(Duration maxTurn) throws SQLException {
        long start = System.nanoTime();
        while (true) {
            long before = answers.get();
            try {
                return source.getConnection();
            } catch (SQLTransientConnectionException none) {
                if (answers.get() == before || System.nanoTime() - start >= maxTurn.toNanos()) {
                    throw none;
                }
            }
        }
    }

    /// Commits, which tells those who wait that the database answers.
    void commit(Connection connection) throws SQLException {
        connection.commit();
        answered();
    }

    /// Tells them the same where there is nothing to commit.
    void answered() {
        answers.incrementAndGet();
    }

    int inUse() {
        var figures = source.getHikariPoolMXBean();
        return figures == null ? 0 : figures.getActiveConnections();
    }

    @Override
    public void close() {
        source.close();
    }
}
