package cambium.acceptance.roles;

import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.acceptance.Await;
import cambium.acceptance.RunningServer;
import cambium.acceptance.rollout.TinyFleet;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// PostgreSQL takes a second for each question of a server that coordinates, in the midst of a rollout and a crowd.
class SlowDatabaseTest {
    /// Some wait for one of eight connections for longer than a database may answer nobody.
    private static final int CROWD = 14;
    private static final long SLOW_MILLIS = 1000;

    @TempDir
    Path folder;

    /// Before a database, as slow as it is told to be. What a client has sent comes late; answers come at once.
    private static final class SlowRoad implements AutoCloseable {
        private final ServerSocket listening = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
        private final int database;
        private final List<Socket> open = new ArrayList<>();
        private volatile long millis;

        SlowRoad(int database) throws IOException {
            this.database = database;
            Thread.startVirtualThread(this::accept);
        }

        int port() {
            return listening.getLocalPort();
        }

        private void accept() {
            try {
                while (true) {
                    var client = listening.accept();
                    var there = new Socket(InetAddress.getLoopbackAddress(), database);
                    synchronized (open) {
                        open.addAll(List.of(client, there));
                    }
                    Thread.startVirtualThread(() -> carry(client, there, true));
                    Thread.startVirtualThread(() -> carry(there, client, false));
                }
            } catch (IOException closed) {
                // the test is over
            }
        }

        private void carry(Socket from, Socket to, boolean late) {
            try (from; to) {
                var bytes = new byte[1 << 16];
                for (int count = from.getInputStream().read(bytes); count >= 0;
                        count = from.getInputStream().read(bytes)) {
                    if (late && millis > 0) {
                        Thread.sleep(millis);
                    }
                    to.getOutputStream().write(bytes, 0, count);
                }
            } catch (IOException | InterruptedException over) {
                // one side has ended it, and so do we
            }
        }

        @Override
        public void close() throws IOException {
            listening.close();
            synchronized (open) {
                for (var each : open) {
                    each.close();
                }
            }
        }
    }

    @Test
    void everybodyIsAnsweredNothingStartsTwiceAndAllGoesOnWhenItIsFastAgain() throws Exception {
        try (var fleet = TinyFleet.start(folder.resolve("fleet"));
                var shared = SharedServer.start(folder, "web,upload,index");
                var road = new SlowRoad(shared.databasePort())) {
            var web = shared.web();
            var shop = fleet.declare(web);
            fleet.push(shop, "1.0");
            fleet.push(shop, "1.1");
            var server = shared.joinAt("127.0.0.1:" + road.port(), "slow", "web,coordinate", "--drivers",
                fleet.drivers());
            TinyFleet.deploy(web, "1.0");
            Await.until("1.0 is complete", () -> TinyFleet.isComplete(web, "1.0"));
            TinyFleet.deploy(web, "1.1");
            Await.until("1.1 is on its way", () -> fleet.runs().stream().anyMatch(run -> run.startsWith("r2.")));
            road.millis = SLOW_MILLIS;
            assertTrue(Set.of(200, 503).containsAll(crowd(server)), "no other answer");
            road.millis = 0;
            Await.until("1.1 is complete", () -> TinyFleet.isComplete(web, "1.1"));
            Await.until("no connection is lost to the crowd", () -> Set.of(200).containsAll(crowd(server)));
            var ready = server.send("GET", "/health/ready", "text/plain", "").body();
            assertTrue(ready.contains("\"status\":\"ok\""), ready);
            fleet.assertNothingWrong(web);
        }
    }

    /// All at once; how they are answered.
    private static Set<Integer> crowd(RunningServer server) throws Exception {
        try (var each = Executors.newVirtualThreadPerTaskExecutor()) {
            var asked = new ArrayList<Callable<Integer>>();
            for (int i = 0; i < CROWD; i++) {
                asked.add(() -> server.send("GET", "/api/fleet", "application/json", "").statusCode());
            }
            var answers = new HashSet<Integer>();
            for (var answer : each.invokeAll(asked)) {
                answers.add(answer.get());
            }
            return answers;
        }
    }
}
