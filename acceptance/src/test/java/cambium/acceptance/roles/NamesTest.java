package cambium.acceptance.roles;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.acceptance.Await;
import cambium.acceptance.Checkout;
import cambium.acceptance.CommandRun;
import cambium.acceptance.Hosted;
import cambium.acceptance.Operator;
import cambium.acceptance.RunningServer;
import cambium.acceptance.rollout.TinyFleet;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The names of what a packaged server speaks to do not resolve, lead to where nothing is, come back and vanish. Its
/// JVM looks names up in a file of the test, and believes for a second what it found there.
class NamesTest {
    /// Of this machine, where nobody listens.
    private static final String DEAD = "127.0.0.9 cells.test\n";
    private static final String LOCAL = "127.0.0.1 localhost\n";
    private static final String ALL = "127.0.0.1 localhost cells.test hook.test db.test\n";

    @TempDir
    Path folder;
    private Path hosts;

    private Map<String, String> lookedUpInAFile(String more) throws IOException {
        hosts = folder.resolve("hosts");
        Files.writeString(hosts, LOCAL);
        return Map.of("JAVA_TOOL_OPTIONS", "-Djdk.net.hosts.file=" + hosts + " -Dsun.net.inetaddr.ttl=1" + more);
    }

    @Test
    void nothingIsDecidedByNamesThatAreUnknownAndAllGoesOnOnceTheyAreKnownAndWhenTheyVanish() throws Exception {
        var told = new CopyOnWriteArrayList<String>();
        var receiver = receiver(told);
        var environment = lookedUpInAFile("");
        Files.writeString(hosts, LOCAL + DEAD);
        try (var fleet = TinyFleet.start(folder.resolve("fleet"));
                var server = RunningServer.start(folder.resolve("server"), environment, "--drivers", fleet.drivers(),
                    "--webhook-hosts", "hook.test")) {
            var operator = new Operator(server);
            var shop = Hosted.create(server, TinyFleet.REPOSITORY);
            server.putYaml("/api/fleet", fleet.yaml().replace("127.0.0.1", "cells.test"));
            operator.types("webhook", "add", "fleet", "http://hook.test:" + receiver.getAddress().getPort() + "/")
                .successful();
            fleet.push(shop, "1.0");
            operator.types("brake", "on", "--ring", "2", "--why", "names are unknown").successful();
            Await.until("the receiver's name is told", () -> operator.types("webhook", "list", "fleet").successful()
                .out().contains("the host hook.test is not known"));
            assertEquals(List.of(), told);

            Files.writeString(hosts, ALL);
            Await.until("the brake is told", () -> told.toString().contains("BrakeSet"));
            TinyFleet.deploy(server, "1.0");
            Await.until("1.0 is proved where no brake is", () -> fleet.versionOf("main").equals("1.0"));
            Files.writeString(hosts, LOCAL);
            operator.types("brake", "off", "--ring", "2", "--why", "names are known").successful();
            Await.until("1.0 is complete", () -> TinyFleet.isComplete(server, "1.0"));
            Await.until("it is told", () -> told.toString().contains("RolloutCompleted"));
            fleet.assertNothingWrong(server);
        } finally {
            receiver.stop(0);
        }
    }

    @Test
    void withoutTheNameOfItsDatabaseAServerNeitherStartsNorStartsAnything() throws Exception {
        var security = Files.writeString(folder.resolve("security"), "networkaddress.cache.stale.ttl=0\n"
            + "networkaddress.cache.negative.ttl=1\n");
        var environment = lookedUpInAFile(" -Djava.security.properties=" + security);
        try (var fleet = TinyFleet.start(folder.resolve("fleet"));
                var shared = SharedServer.start(folder, "web,upload,index")) {
            var web = shared.web();
            var shop = fleet.declare(web);
            fleet.push(shop, "1.0");
            var refused = CommandRun.of(List.of(Checkout.root().resolve("cambium").toString(), "serve", "--port", "0",
                "--data", folder.resolve("none").toString()), builder -> {
                    builder.environment().putAll(environment);
                    builder.environment().put("CAMBIUM_DATABASE_URL", "postgresql://c:secret@db.test:5432/c");
                });
            assertEquals(2, refused.exit(), refused.toString());
            assertTrue(refused.err().contains("the database does not answer (the host db.test is not known)"),
                refused.err());
            assertTrue(refused.err().contains("--database-url"), refused.err());
            assertFalse(refused.err().contains("secret"), refused.err());

            Files.writeString(hosts, ALL);
            var joined = shared.joinBy("db.test", environment, "other", "web,coordinate", "--drivers",
                fleet.drivers());
            Await.until("it leads", () -> joined.output().contains("fleet: this process coordinates"));
            Files.writeString(hosts, LOCAL);
            // An address that was looked up a moment ago is known for a second more, enough to connect anew.
            Thread.sleep(2_000);
            shared.endConnections();
            Await.until("it says why", () -> ready(joined).contains("(the host db.test is not known)"));
            TinyFleet.deploy(web, "1.0");
            new Operator(web).types("brake", "on", "--ring", "1", "--why", "try").successful();
            Await.until("a round has failed", () -> joined.output().contains("round failed"));
            assertEquals(List.of(), fleet.runs(), "nothing is started");
            Files.writeString(hosts, ALL);
            Await.until("it has its database again", () -> ready(joined).contains("\"status\":\"ok\""));
            Await.until("1.0 is on its way", () -> fleet.versionOf("canary").equals("1.0"));
            new Operator(web).types("brake", "off", "--ring", "1", "--why", "tried").successful();
            Await.until("1.0 is complete", () -> TinyFleet.isComplete(web, "1.0"));
            fleet.assertNothingWrong(web);
            assertTrue(joined.isAlive());
        }
    }

    private static HttpServer receiver(List<String> told) throws IOException {
        var receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", exchange -> {
            told.add(new String(exchange.getRequestBody().readAllBytes()));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        receiver.start();
        return receiver;
    }

    private static String ready(RunningServer server) throws IOException {
        return server.send("GET", "/health/ready", "text/plain", "").body();
    }
}
