package cambium.acceptance.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.acceptance.Await;
import cambium.acceptance.Hosted;
import cambium.acceptance.RunningServer;
import cambium.acceptance.apt.DebBuilder;
import cambium.acceptance.apt.PrivateApt;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The packaged server with its blobs in a real S3 server that checks every signature.
class BucketTest {
    private static final int KILLS = 4;
    private static final int PUSHERS = 3;

    @TempDir
    Path folder;

    private static RealS3 s3;

    @BeforeAll
    static void startS3(@TempDir Path ceph) throws IOException {
        s3 = RealS3.start(ceph, 1L << 30);
    }

    @AfterAll
    static void stopS3() throws IOException {
        s3.close();
    }

    private RunningServer serve(String prefix) throws Exception {
        var server = RunningServer.start(folder.resolve("data"), s3.credentials(), "--blobs", s3.place(prefix),
                "--delivery", "s3");
        Await.until("the server has fetched a blob through its own redirect", () ->
                server.send("GET", "/health/ready", "text/plain", "").statusCode() == 200);
        return server;
    }

    private PrivateApt apt(RunningServer server, String name) throws IOException {
        return PrivateApt.of(folder.resolve(name), PrivateApt.keyOf(server, "acme/shop"),
                server.at("/acme/shop/debian"), "bookworm");
    }

    @Test
    void aptInstallsThroughPresignedRedirects() throws Exception {
        try (var server = serve("packages")) {
            var shop = Hosted.create(server, "acme/shop");
            shop.pushed(DebBuilder.of("till", "1.0+b~1").build(folder));
            // Larger than one part of an upload.
            shop.pushed(DebBuilder.of("bulk", "2").withCompression("none")
                    .withFile("usr/share/bulk/file", "cambium!".repeat(5 << 19)).build(folder));
            shop.awaitIndexed();
            var apt = apt(server, "apt");
            apt.update();
            assertEquals(Set.of("till 1.0+b~1", "bulk 2"), apt.available());
            apt.get("install", "till", "bulk").successful();
            assertEquals(Optional.of("1.0+b~1"), apt.installed("till"));
            assertEquals(Optional.of("2"), apt.installed("bulk"));
            var redirect = server.send("GET", "/acme/shop/packages/debian/bookworm/till_1.0+b~1_all.deb/download",
                    "text/plain", "");
            assertEquals(302, redirect.statusCode());
            var location = redirect.headers().firstValue("Location").orElseThrow();
            assertTrue(location.startsWith(s3.uri() + "/cambium/packages/") && location.contains("X-Amz-Signature="),
                    location);
            assertTrue(Files.notExists(folder.resolve("data/blobs")), "nothing is kept beside the bucket");
            // A client that asks with HEAD is led to an address that is signed for HEAD.
            var head = server.send(HttpRequest.newBuilder(
                    server.at("/acme/shop/packages/debian/bookworm/till_1.0+b~1_all.deb/download")).HEAD().build());
            var there = server.send(HttpRequest.newBuilder(
                    java.net.URI.create(head.headers().firstValue("Location").orElseThrow())).HEAD().build());
            assertEquals(200, there.statusCode());
        }
    }

    @Test
    void keepsWhatItHasAcknowledgedThroughKills() throws Exception {
        var acknowledged = Collections.synchronizedSet(new TreeSet<String>());
        var next = new AtomicInteger();
        for (int round = 0; round < KILLS; round++) {
            try (var server = serve("killed")) {
                var shop = round == 0 ? Hosted.create(server, "acme/shop") : new Hosted(server, "acme/shop");
                assertTrue(shop.fileNames().containsAll(acknowledged), "lost in round " + round);
                pushUntilKilled(shop, acknowledged, next);
            }
        }
        try (var server = serve("killed")) {
            var shop = new Hosted(server, "acme/shop");
            shop.awaitIndexed();
            var apt = apt(server, "apt");
            apt.update();
            var offered = new TreeSet<String>();
            apt.available().forEach(line -> offered.add(line.replace(' ', '_') + "_all.deb"));
            assertTrue(offered.containsAll(acknowledged), offered + " lacks some of " + acknowledged);
            assertTrue(acknowledged.size() >= KILLS, "too few were pushed to say anything");
            var names = offered.stream().map(file -> file.replaceAll("_.*", "")).toList();
            var download = new ArrayList<>(names);
            download.addFirst("install");
            download.add(1, "--download-only");
            apt.get(download.toArray(String[]::new)).successful();
        }
    }

    private void pushUntilKilled(Hosted shop, Set<String> acknowledged, AtomicInteger next) throws Exception {
        int enough = acknowledged.size() + 3;
        var built = new HashMap<Integer, byte[]>();
        int first = next.get();
        for (int i = first; i < first + 12; i++) {
            built.put(i, Files.readAllBytes(DebBuilder.of("killed" + i, "1").build(folder)));
        }
        next.set(first + 12);
        var number = new AtomicInteger(first);
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < PUSHERS; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                for (int mine = number.getAndIncrement(); built.containsKey(mine); mine = number.getAndIncrement()) {
                    try {
                        if (shop.push(built.get(mine)).statusCode() == 201) {
                            acknowledged.add("killed" + mine + "_1_all.deb");
                        }
                    } catch (IOException killed) {
                        return;
                    }
                }
            }));
        }
        Await.until("enough packages were acknowledged", () -> acknowledged.size() >= enough);
        shop.server().kill();
        for (var thread : threads) {
            thread.join();
        }
    }
}
