package cambium.server.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Kills a process (SIGKILL) at a named step that it is about to take. Whatever tells of a step waits for the answer,
/// one at a time; once the process is dead nothing is answered any more.
public final class KillSwitch implements AutoCloseable {
    /// The variable by which a process learns where to tell its steps: first its number, then a line each.
    public static final String PORT = "STEPS_PORT";

    private final ServerSocket listening;
    private final List<Point> reached = new ArrayList<>();
    private final Map<String, Integer> counts = new HashMap<>();
    private Optional<Point> fatal = Optional.empty();
    private long process;
    private boolean armed;
    private boolean killed;

    /// A step, and the how many-th of that name since the switch was armed, from 1.
    public record Point(String step, int occurrence) {
        @Override
        public String toString() {
            return step + " " + occurrence;
        }
    }

    public KillSwitch() throws IOException {
        listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    public int port() {
        return listening.getLocalPort();
    }

    /// From now on steps count. Without a fatal one they are noted only.
    public synchronized void arm(Optional<Point> fatalPoint) {
        fatal = fatalPoint;
        reached.clear();
        counts.clear();
        armed = true;
        killed = false;
    }

    public synchronized void disarm() {
        armed = false;
    }

    public synchronized boolean hasKilled() {
        return killed;
    }

    public synchronized List<Point> reached() {
        return List.copyOf(reached);
    }

    /// Whether the process may take that step; false when it is dead.
    synchronized boolean mayGoOn(String step) {
        if (!armed) {
            return true;
        }
        if (killed) {
            return false;
        }
        var point = new Point(step, counts.merge(step, 1, Integer::sum));
        reached.add(point);
        if (fatal.filter(point::equals).isEmpty()) {
            return true;
        }
        killed = true;
        ProcessHandle.of(process).ifPresent(victim -> {
            victim.destroyForcibly();
            victim.onExit().join();
        });
        return false;
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                var client = listening.accept();
                Thread.ofVirtual().start(() -> hear(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void hear(Socket client) {
        try (client; var lines = new BufferedReader(new InputStreamReader(client.getInputStream(), US_ASCII))) {
            synchronized (this) {
                process = Long.parseLong(lines.readLine());
            }
            for (var step = lines.readLine(); step != null && mayGoOn(step); step = lines.readLine()) {
                client.getOutputStream().write('\n');
            }
        } catch (IOException dead) {
            return;   // the process is gone
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
}
