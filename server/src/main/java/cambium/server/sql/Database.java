package cambium.server.sql;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.conf.Settings;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.jooq.impl.DefaultConfiguration;
import org.jooq.impl.DefaultConnectionProvider;

/// The door to PostgreSQL. Two pools: reads see one snapshot and cannot write, so that a page never waits for a writer
/// and never shows half a change; transactions read committed rows.
public final class Database implements AutoCloseable {
    /// The name of whoever has asked for what is being done; unbound where the server acts by itself.
    public static final ScopedValue<String> ACTOR = ScopedValue.newInstance();

    private static final int MAX_CONNECTIONS_PER_POOL = 8;
    private static final Duration MAX_WAIT = Duration.ofSeconds(5);
    private static final Duration MAX_READ = Duration.ofSeconds(30);
    private static final Duration IDLE_TIMEOUT = Duration.ofMinutes(2);

    static {
        System.setProperty("org.jooq.no-logo", "true");
        System.setProperty("org.jooq.no-tips", "true");
    }

    /// Without listeners for jOOQ's own logging, which read each statement twice more.
    private static final Configuration SHARED = new DefaultConfiguration().set(SQLDialect.POSTGRES)
            .set(new Settings().withExecuteLogging(false));

    private final DatabaseAddress address;
    private final HikariDataSource forReads;
    private final HikariDataSource forWrites;

    private Database(DatabaseAddress address) {
        this.address = Objects.requireNonNull(address);
        forReads = pool("reads", true);
        forWrites = pool("writes", false);
    }

    /// Opens the pools without waiting for a connection; nothing is migrated here, see [Migrations].
    public static Database open(DatabaseAddress address) {
        return new Database(address);
    }

    public DatabaseAddress address() {
        return address;
    }

    /// Runs queries in one snapshot (repeatable read, read only). Do not call another method of this within it.
    public <T> T read(Function<DSLContext, T> work) {
        return inTransaction(forReads, work);
    }

    /// Runs queries and changes in one transaction: committed when `work` returns, undone when it throws. For whom
    /// it is done is known to triggers as `cambium.actor`.
    public <T> T transact(Function<DSLContext, T> work) {
        return inTransaction(forWrites, sql -> {
            if (ACTOR.isBound()) {
                sql.fetch("select set_config('cambium.actor', ?, true)", ACTOR.get());
            }
            return work.apply(sql);
        });
    }

    /// Empty while the database answers; for health checks, so it never throws and never waits long.
    public Optional<String> problem() {
        try {
            read(sql -> sql.fetchValue("select 1"));
            return Optional.empty();
        } catch (RuntimeException e) {
            return Optional.of("the database does not answer");
        }
    }

    /// Connections in use, of both pools.
    public int connectionsInUse() {
        return inUse(forReads) + inUse(forWrites);
    }

    @Override
    public void close() {
        forReads.close();
        forWrites.close();
    }

    private static int inUse(HikariDataSource pool) {
        var figures = pool.getHikariPoolMXBean();
        return figures == null ? 0 : figures.getActiveConnections();
    }

    private <T> T inTransaction(HikariDataSource pool, Function<DSLContext, T> work) {
        try (var connection = pool.getConnection()) {
            T result;
            try {
                result = work.apply(DSL.using(SHARED.derive(new DefaultConnectionProvider(connection))));
            } catch (Throwable e) {
                undo(connection, e);
                throw e;
            }
            connection.commit();
            return result;
        } catch (SQLException e) {
            throw new DatabaseFailed("the database did not answer", e);
        } catch (DataAccessException e) {
            throw isAway(e) ? new DatabaseFailed("the database broke off", e) : e;
        }
    }

    /// Connection lost (class 08), no room or memory (53), its machine failing (58), or the server is ending or
    /// starting (57P01 to 57P03).
    private static boolean isAway(DataAccessException e) {
        return Stream.of("08", "53", "58", "57P0").anyMatch(e.sqlState()::startsWith);
    }

    private static void undo(Connection connection, Throwable because) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            because.addSuppressed(e);
        }
    }

    private HikariDataSource pool(String name, boolean readOnly) {
        var config = new HikariConfig();
        config.setPoolName(name);
        config.setJdbcUrl(address.jdbcUrl());
        config.setUsername(address.user());
        config.setPassword(address.password());
        config.setAutoCommit(false);
        config.setReadOnly(readOnly);
        config.setTransactionIsolation(readOnly ? "TRANSACTION_REPEATABLE_READ" : "TRANSACTION_READ_COMMITTED");
        config.setMaximumPoolSize(MAX_CONNECTIONS_PER_POOL);
        config.setMinimumIdle(1);
        config.setIdleTimeout(IDLE_TIMEOUT.toMillis());
        config.setConnectionTimeout(MAX_WAIT.toMillis());
        config.setInitializationFailTimeout(-1);
        // jOOQ binds times in SQL text as strings; untyped strings let PostgreSQL see what they are meant to be.
        config.addDataSourceProperty("stringtype", "unspecified");
        config.addDataSourceProperty("ApplicationName", "cambium");
        if (readOnly) {
            // A stopped machine keeps its connections open and says nothing on them.
            config.addDataSourceProperty("socketTimeout", Long.toString(MAX_READ.toSeconds()));
        }
        config.addDataSourceProperty("reWriteBatchedInserts", "true");
        return new HikariDataSource(config);
    }
}
