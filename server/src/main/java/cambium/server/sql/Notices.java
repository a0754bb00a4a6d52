package cambium.server.sql;

import cambium.server.config.HeapDamage;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jooq.DSLContext;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Wakes listeners in every process by PostgreSQL LISTEN/NOTIFY. A notice may be lost (a broken connection, a restart),
/// so it only ever says "look again"; every listener also looks by itself from time to time.
public final class Notices implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Notices.class);
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Duration RECONNECT = Duration.ofSeconds(1);

    private final DatabaseAddress address;
    private final Map<String, List<Consumer<String>>> listeners = new LinkedHashMap<>();
    private final ConcurrentLinkedQueue<String> toListen = new ConcurrentLinkedQueue<>();
    private volatile boolean open = true;
    private volatile Thread thread;

    public Notices(DatabaseAddress address) {
        this.address = address;
    }

    /// Sends when the transaction commits, and only then. `payload` below 8000 bytes.
    public static void notify(DSLContext inTransaction, String channel, String payload) {
        inTransaction.execute("select pg_notify(?, ?)", channel, payload);
    }

    /// Calls `listener` for every notice on the channel, on a thread of its own; it must return soon.
    /// The listener is also called once with an empty payload when listening begins, at first and after the connection
    /// had to be made anew: what happened before was not heard.
    public AutoCloseable subscribe(String channel, Consumer<String> listener) {
        if (!channel.matches("[a-z][a-z_]{0,40}")) {
            throw new IllegalArgumentException("not a channel name: '" + channel + "'");
        }
        synchronized (listeners) {
            listeners.computeIfAbsent(channel, _ -> new CopyOnWriteArrayList<>()).add(listener);
            if (thread == null) {
                thread = Thread.ofVirtual().name("notices").start(this::listen);
            }
        }
        toListen.add(channel);
        return () -> listenersOf(channel).remove(listener);
    }

    @Override
    public void close() {
        open = false;
        var running = thread;
        if (running != null) {
            running.interrupt();
        }
    }

    private void listen() {
        while (open) {
            try (var connection = DriverManager.getConnection(address.jdbcUrl(), login())) {
                toListen.clear();
                for (var channel : channels()) {
                    toListen.add(channel);
                }
                hear(connection.unwrap(PGConnection.class), connection);
            } catch (SQLException e) {
                if (open) {
                    LOG.warn("notices: connection lost, trying again ({})", e.getMessage());
                    pause();
                }
            }
        }
    }

    private void hear(PGConnection notices, java.sql.Connection connection) throws SQLException {
        while (open) {
            for (var channel = toListen.poll(); channel != null; channel = toListen.poll()) {
                try (var statement = connection.createStatement()) {
                    statement.execute("listen " + channel);
                }
                tell(channel, "");
            }
            for (var notice : notices.getNotifications((int) LOOK.toMillis())) {
                tell(notice.getName(), notice.getParameter());
            }
        }
    }

    private void tell(String channel, String payload) {
        for (var listener : listenersOf(channel)) {
            try {
                listener.accept(payload);
            } catch (RuntimeException | VirtualMachineError | LinkageError e) {
                HeapDamage.note(e);
                LOG.error("notices: a listener of '{}' failed", channel, e);
            }
        }
    }

    private List<Consumer<String>> listenersOf(String channel) {
        synchronized (listeners) {
            return listeners.getOrDefault(channel, List.of());
        }
    }

    private List<String> channels() {
        synchronized (listeners) {
            return List.copyOf(listeners.keySet());
        }
    }

    private Properties login() {
        var login = new Properties();
        login.setProperty("user", address.user());
        login.setProperty("password", address.password());
        login.setProperty("ApplicationName", "cambium-notices");
        return login;
    }

    private static void pause() {
        try {
            Thread.sleep(RECONNECT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
