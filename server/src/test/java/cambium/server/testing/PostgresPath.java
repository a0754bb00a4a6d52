package cambium.server.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;

/// A way to PostgreSQL that reads along (protocol 3.0, without TLS) and tells a [KillSwitch] of each commit of changes
/// twice: before PostgreSQL is asked for it, and when it is done but the asker has not heard of it. Statements without
/// parameters inside of a function or trigger are not seen.
public final class PostgresPath implements AutoCloseable {
    private static final Pattern CHANGE = Pattern.compile("(?i)\\b(?:insert\\s+into|update|delete\\s+from)\\s+(\\w+)");
    private static final int STARTUP_HEAD_BYTES = 4;

    private final URI database;
    private final KillSwitch killSwitch;
    private final Function<SortedSet<String>, String> names;
    private final ServerSocket listening;

    /// @param names what a transaction that changes these tables is called; "" for those that nobody wants to hear of
    public PostgresPath(String jdbcUrl, KillSwitch killSwitch, Function<SortedSet<String>, String> names)
            throws IOException {
        this.database = URI.create(jdbcUrl.substring("jdbc:".length()));
        this.killSwitch = killSwitch;
        this.names = names;
        this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    /// The address for `--database-url`.
    public String url(String user, String password) {
        return "postgresql://" + user + ":" + password + "@127.0.0.1:" + listening.getLocalPort() + database.getPath()
                + "?sslmode=disable&gssEncMode=disable";
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                var client = listening.accept();
                var server = new Socket(database.getHost(), database.getPort());
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                var connection = new Connection(client, server);
                Thread.ofVirtual().start(() -> connection.run(connection::toServer));
                Thread.ofVirtual().start(() -> connection.run(connection::toClient));
            } catch (IOException closed) {
                return;
            }
        }
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface Pump {
        void run() throws IOException;
    }

    private final class Connection {
        private final Socket client;
        private final Socket server;
        private final Map<String, String> statements = new HashMap<>();
        private final Map<String, String> portals = new HashMap<>();
        private final SortedSet<String> changed = new TreeSet<>();
        private volatile String committing = "";

        Connection(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        /// Either end takes the other with it.
        void run(Pump pump) {
            try (Closeable _ = client; Closeable _ = server) {
                pump.run();
            } catch (IOException ended) {
                return;
            }
        }

        void toServer() throws IOException {
            var in = new DataInputStream(new BufferedInputStream(client.getInputStream()));
            var out = new DataOutputStream(new BufferedOutputStream(server.getOutputStream()));
            int startup = in.readInt();
            out.writeInt(startup);
            out.write(in.readNBytes(startup - STARTUP_HEAD_BYTES));
            out.flush();
            while (true) {
                int type = in.readUnsignedByte();
                byte[] body = in.readNBytes(in.readInt() - 4);
                if (!mayPass(type, new Text(body))) {
                    return;
                }
                pass(out, type, body, in.available() == 0);
            }
        }

        private boolean mayPass(int type, Text text) {
            switch (type) {
                case 'P' -> statements.put(text.next(), text.next());
                case 'B' -> portals.put(text.next(), statements.getOrDefault(text.next(), ""));
                case 'E' -> {
                    return mayRun(portals.getOrDefault(text.next(), ""));
                }
                case 'Q' -> {
                    return mayRun(text.next());
                }
                default -> { }
            }
            return true;
        }

        private boolean mayRun(String sql) {
            if (sql.equalsIgnoreCase("commit")) {
                committing = changed.isEmpty() ? "" : names.apply(new TreeSet<>(changed));
                changed.clear();
                return committing.isEmpty() || killSwitch.mayGoOn("before the commit of " + committing);
            }
            if (sql.equalsIgnoreCase("rollback")) {
                changed.clear();
            }
            CHANGE.matcher(sql).results().map(change -> change.group(1)).forEach(changed::add);
            return true;
        }

        void toClient() throws IOException {
            var in = new DataInputStream(new BufferedInputStream(server.getInputStream()));
            var out = new DataOutputStream(new BufferedOutputStream(client.getOutputStream()));
            while (true) {
                int type = in.readUnsignedByte();
                byte[] body = in.readNBytes(in.readInt() - 4);
                if (type == 'C' && !committing.isEmpty() && new Text(body).next().equals("COMMIT")) {
                    var done = committing;
                    committing = "";
                    if (!killSwitch.mayGoOn("after the commit of " + done)) {
                        return;
                    }
                }
                pass(out, type, body, in.available() == 0);
            }
        }

        private static void pass(DataOutputStream out, int type, byte[] body, boolean isLast) throws IOException {
            out.writeByte(type);
            out.writeInt(body.length + 4);
            out.write(body);
            if (isLast) {
                out.flush();
            }
        }
    }

    /// The strings at the start of a message, each ended by a zero.
    private static final class Text {
        private final byte[] bytes;
        private int from;

        Text(byte[] bytes) {
            this.bytes = bytes;
        }

        String next() {
            int end = from;
            while (end < bytes.length && bytes[end] != 0) {
                end++;
            }
            var text = new String(bytes, from, end - from, UTF_8);
            from = end + 1;
            return text;
        }
    }
}
