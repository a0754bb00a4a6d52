package cambium.server.sql;

import com.zaxxer.hikari.HikariConfig;
import java.security.cert.CertificateException;
import java.net.UnknownHostException;
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
import org.postgresql.util.PSQLException;

/// The door to PostgreSQL. Two pools: reads see one snapshot and cannot write, so that a page never waits for a writer
/// and never shows half a change; transactions read committed rows.
public final class Database implements AutoCloseable {
    /// The name of whoever has asked for what is being done; unbound where the server acts by itself.
    public static final ScopedValue<String> ACTOR = ScopedValue.newInstance();

    private static final int MAX_CONNECTIONS_PER_POOL = 8;
    /// How long the database may answer nobody until it counts as away.
    private static final Duration MAX_SILENCE = Duration.ofSeconds(5);
    /// The same for those who come again by themselves, and soon.
    private static final Duration MAX_SILENCE_APART = Duration.ofSeconds(2);
    /// How long a crowd may wait for its turn while the database answers.
    private static final Duration MAX_TURN = Duration.ofSeconds(60);
    private static final Duration MAX_READ = Duration.ofSeconds(30);
    /// How long a process that is stopped in the middle of a transaction may keep its locks from all others.
    public static final Duration MAX_STANDSTILL = Duration.ofSeconds(5);
    private static final Duration MAX_LONG_STANDSTILL = Duration.ofMinutes(5);
    private static final int MAX_CAUSES = 10;
    private static final Duration IDLE_TIMEOUT = Duration.ofMinutes(2);

    static {
        System.setProperty("org.jooq.no-logo", "true");
        System.setProperty("org.jooq.no-tips", "true");
    }

    /// Without listeners for jOOQ's own logging, which read each statement twice more.
    private static final Configuration SHARED = new DefaultConfiguration().set(SQLDialect.POSTGRES)
            .set(new Settings().withExecuteLogging(false));

    private final DatabaseAddress address;
    private final ConnectionPool forReads;
    private final ConnectionPool forWrites;
    private volatile String whyAway = "the database does not answer";

    private Database(DatabaseAddress address, Duration maxSilence, int connections) {
        this.address = Objects.requireNonNull(address);
        forReads = new ConnectionPool(configuration("reads", true, maxSilence, connections));
        forWrites = new ConnectionPool(configuration("writes", false, maxSilence, connections));
    }

    /// Opens the pools without waiting for a connection; nothing is migrated here, see [Migrations].
    public static Database open(DatabaseAddress address) {
        return open(address, MAX_SILENCE);
    }

    static Database open(DatabaseAddress address, Duration maxSilence) {
        return new Database(address, maxSilence, MAX_CONNECTIONS_PER_POOL);
    }

    /// The same place by connections of its own, at most so many for reads and for writes: for who must not wait
    /// behind a crowd of requests. To be closed by whoever asked for it.
    public Database apart(int connections) {
        return new Database(address, MAX_SILENCE_APART, connections);
    }

    public DatabaseAddress address() {
        return address;
    }

    /// Runs queries in one snapshot (repeatable read, read only). Do not call another method of this within it.
    public <T> T read(Function<DSLContext, T> work) {
        return inTransaction(forReads, MAX_TURN, work);
    }

    /// Runs one query, which sees one snapshot by itself and cannot write either. Nothing is said to the database
    /// before or after it, so that it takes half the ways of [#read]: what a coordinator's round asks waits for a
    /// processor on each of them, here and there.
    public <T> T ask(Function<DSLContext, T> query) {
        return using(forReads, MAX_TURN, connection -> {
            connection.setAutoCommit(true);   // the pool takes it back with the connection
            var answer = query.apply(DSL.using(SHARED.derive(new DefaultConnectionProvider(connection))));
            forReads.answered();
            return answer;
        });
    }

    /// Runs queries and changes in one transaction: committed when `work` returns, undone when it throws. For whom
    /// it is done is known to triggers as `cambium.actor`.
    public <T> T transact(Function<DSLContext, T> work) {
        return inTransaction(forWrites, MAX_TURN, sql -> {
            if (ACTOR.isBound()) {
                sql.fetch("select set_config('cambium.actor', ?, true)", ACTOR.get());
            }
            return work.apply(sql);
        });
    }

    /// As [#transact], for work that never pauses between two statements and whose locks others wait for: when this
    /// process is stopped or cut off in the middle of it, PostgreSQL undoes it after 5 s.
    public <T> T transactBriefly(Function<DSLContext, T> work) {
        return transact(sql -> {
            sql.fetch("select set_config('idle_in_transaction_session_timeout', ?, true)",
                    Long.toString(MAX_STANDSTILL.toMillis()));
            return work.apply(sql);
        });
    }

    /// Empty while the database answers; for health checks, so it never throws and never waits long, also not for a
    /// database that is stopped and says nothing on a connection that was good a moment ago.
    public Optional<String> problem() {
        try (var connection = forReads.take(Duration.ZERO); var statement = connection.createStatement()) {
            connection.setNetworkTimeout(Runnable::run, (int) MAX_SILENCE.toMillis());
            statement.execute("select 1");
            forReads.commit(connection);
            return Optional.empty();
        } catch (SQLException e) {
            return Optional.of(noted(e));
        }
    }

    /// Why it did not answer the last time that it did not.
    public String whyAway() {
        return whyAway;
    }

    /// A name does not resolve; a certificate is refused by who looks at it, or by PostgreSQL's driver for its name.
    private String noted(SQLException failed) {
        var causes = Stream.iterate((Throwable) failed, cause -> cause != null, Throwable::getCause).limit(MAX_CAUSES)
                .toList();
        whyAway = "the database does not answer" + causes.stream().filter(CertificateException.class::isInstance)
                .findFirst().or(() -> causes.stream().filter(Database::isOfTls).findFirst())
                .map(Throwable::getMessage).or(() -> causes.stream().filter(UnknownHostException.class::isInstance)
                        .findFirst().map(unknown -> "the host " + unknown.getMessage() + " is not known"))
                .map(why -> " (" + why + ")").orElse("");
        return whyAway;
    }

    private static boolean isOfTls(Throwable cause) {
        return cause instanceof PSQLException
                && String.valueOf(cause.getMessage()).matches("The hostname .* could not be verified.*|.*SSL.*");
    }

    /// Connections in use, of both pools.
    public int connectionsInUse() {
        return forReads.inUse() + forWrites.inUse();
    }

    @Override
    public void close() {
        forReads.close();
        forWrites.close();
    }

    private <T> T inTransaction(ConnectionPool pool, Duration maxTurn, Function<DSLContext, T> work) {
        return using(pool, maxTurn, connection -> {
            T result;
            try {
                result = work.apply(DSL.using(SHARED.derive(new DefaultConnectionProvider(connection))));
            } catch (Throwable e) {
                undo(connection, e);
                throw e;
            }
            pool.commit(connection);
            return result;
        });
    }

    private interface OnConnection<T> {
        T work(Connection connection) throws SQLException;
    }

    private <T> T using(ConnectionPool pool, Duration maxTurn, OnConnection<T> work) {
        try (var connection = pool.take(maxTurn)) {
            return work.work(connection);
        } catch (SQLException e) {
            throw new DatabaseFailed(noted(e), e);
        } catch (DataAccessException e) {
            throw isAway(e) ? new DatabaseFailed("the database broke off", e) : e;
        }
    }

    /// Connection lost (class 08), no room or memory (53), its machine failing (58), the server is ending or starting
    /// (57P01 to 57P03), or it undid what stood still for too long (25P03).
    private static boolean isAway(DataAccessException e) {
        return Stream.of("08", "53", "58", "57P0", "25P03").anyMatch(e.sqlState()::startsWith);
    }

    private static void undo(Connection connection, Throwable because) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            because.addSuppressed(e);
        }
    }

    private HikariConfig configuration(String name, boolean readOnly, Duration maxSilence, int connections) {
        var config = new HikariConfig();
        config.setPoolName(name);
        config.setDataSource(source(readOnly));
        config.setUsername(address.user());
        config.setPassword(address.password());
        config.setAutoCommit(false);
        config.setReadOnly(readOnly);
        config.setTransactionIsolation(readOnly ? "TRANSACTION_REPEATABLE_READ" : "TRANSACTION_READ_COMMITTED");
        config.setMaximumPoolSize(connections);
        config.setMinimumIdle(1);
        config.setIdleTimeout(IDLE_TIMEOUT.toMillis());
        config.setConnectionTimeout(maxSilence.toMillis());
        config.setInitializationFailTimeout(-1);
        // The driver says "read only" where a transaction begins, which is nowhere when one query is asked.
        config.setConnectionInitSql("set idle_in_transaction_session_timeout = " + MAX_LONG_STANDSTILL.toMillis()
                + (readOnly ? "; set default_transaction_read_only = on" : ""));
        return config;
    }

    private PatientDataSource source(boolean readOnly) {
        var source = new PatientDataSource();
        source.setUrl(address.jdbcUrl());
        // jOOQ binds times in SQL text as strings; untyped strings let PostgreSQL see what they are meant to be.
        source.setStringType("unspecified");
        source.setApplicationName("cambium");
        source.setTcpKeepAlive(true);
        if (readOnly) {
            // A stopped machine keeps its connections open and says nothing on them.
            source.setSocketTimeout((int) MAX_READ.toSeconds());
        }
        source.setReWriteBatchedInserts(true);
        return source;
    }
}
