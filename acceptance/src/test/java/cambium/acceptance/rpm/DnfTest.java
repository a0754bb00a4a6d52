package cambium.acceptance.rpm;

import static cambium.acceptance.Hosted.EL9;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.acceptance.Await;
import cambium.acceptance.CommandRun;
import cambium.acceptance.Hosted;
import cambium.acceptance.RunningServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The dnf and rpm of this machine live from a packaged server. What they see is counted, since a client may read less
/// than there is and still report success.
class DnfTest {
    private static final int PUSHED_WHILE_LOOKING = 24;

    @TempDir
    static Path folder;
    private static RunningServer server;

    @BeforeAll
    static void startServer() throws IOException {
        server = RunningServer.start(folder.resolve("server"));
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @Test
    void installsUpgradesAndDowngrades() throws Exception {
        var shop = Hosted.create(server, "acme/versions");
        var old = RpmBuilder.of("app", "1.0~rc1").requiring("tool >= 1").withPayload("w3.zstdio");
        var tool = RpmBuilder.of("tool", "1.5").withPayload("w9.gzdio");
        for (var rpm : RpmBuilder.buildAll(folder, List.of(old, tool))) {
            shop.pushed(rpm, EL9);
        }
        shop.awaitIndexed();
        var dnf = dnf(shop);
        assertTrue(dnf.dnf("makecache").successful().output().contains("Metadata cache created"));
        assertEquals(Set.of(old.nevra(), tool.nevra()), dnf.available());
        dnf.dnf("install", "app").successful();
        assertEquals(Set.of(old.nevra(), tool.nevra()), dnf.installed());
        assertEquals(Optional.of("1.0~rc1\n"), dnf.file("usr/share/app/version"));

        var fresh = RpmBuilder.of("app", "1.0").requiring("tool").withPayload("w2.xzdio");
        shop.pushed(fresh.build(folder), EL9);
        shop.awaitIndexed();
        dnf.dnf("upgrade").successful();
        assertEquals(Set.of(fresh.nevra(), tool.nevra()), dnf.installed());
        assertEquals(Optional.of("1.0\n"), dnf.file("usr/share/app/version"));
        dnf.dnf("downgrade", "app").successful();
        assertEquals(Set.of(old.nevra(), tool.nevra()), dnf.installed());
        assertEquals(Optional.of("1.0~rc1\n"), dnf.file("usr/share/app/version"));
    }

    @Test
    void losesWhatWasDeletedAtTheNextRefresh() throws Exception {
        var shop = Hosted.create(server, "acme/rpm-deletions");
        var kept = RpmBuilder.of("kept", "1");
        var doomed = RpmBuilder.of("doomed", "1");
        for (var rpm : RpmBuilder.buildAll(folder, List.of(kept, doomed))) {
            shop.pushed(rpm, EL9);
        }
        shop.awaitIndexed();
        var dnf = dnf(shop);
        assertEquals(Set.of(kept.nevra(), doomed.nevra()), dnf.available());
        assertEquals(200, shop.delete("el/9", doomed.fileName()));
        Await.until("the index offers only what was kept", () -> dnf.available().equals(Set.of(kept.nevra())));
        assertNotEquals(0, dnf.dnf("install", "doomed").exit());
        assertEquals(Set.of(), dnf.installed());
    }

    @Test
    void refusesRepodataThatAnotherKeyHasSigned() throws Exception {
        var shop = Hosted.create(server, "acme/rpm-trusted");
        var other = Hosted.create(server, "acme/rpm-stranger");
        shop.pushed(RpmBuilder.of("hello", "1").build(folder), EL9);
        shop.awaitIndexed();
        var dnf = PrivateDnf.of(newRoot(), url(shop, "el/9/$basearch"), false, url(other, "gpgkey"));
        var run = dnf.dnf("install", "hello");
        assertNotEquals(0, run.exit());
        assertTrue(run.output().contains("repomd.xml GPG signature verification error"), run.toString());
        assertEquals(Set.of(), dnf.installed());
    }

    @Test
    void opensAPrivateRepositoryWithAReadTokenOnly() throws Exception {
        var shop = Hosted.createPrivate(server, "acme/rpm-private");
        var secret = RpmBuilder.of("secret", "1");
        shop.pushed(secret.build(folder), EL9);
        shop.awaitIndexed();
        var token = readToken(shop);
        var address = url(shop, "").replace("://", "://" + token + ":@");
        var dnf = PrivateDnf.of(newRoot(), address + "el/9/$basearch", false, address + "gpgkey");
        assertEquals(Set.of(secret.nevra()), dnf.available());
        dnf.dnf("install", "secret").successful();
        assertEquals(Set.of(secret.nevra()), dnf.installed());
        var stranger = PrivateDnf.of(newRoot(), url(shop, "el/9/$basearch"), false, url(shop, "gpgkey"));
        var refused = stranger.dnf("makecache");
        assertNotEquals(0, refused.exit());
        assertFalse(server.output().contains(token), "the token was logged");
    }

    /// As a client is given one: below a master token.
    private static String readToken(Hosted shop) throws IOException {
        var master = server.post("/api/v1/repos/" + shop.fullName() + "/master_tokens.json",
                "{\"master_token\":{\"name\":\"fleet\"}}");
        return server.post(master.at("/paths/self").asText().replace(".json", "") + "/read_tokens.json",
                "{\"read_token\":{\"name\":\"host\"}}").get("value").asText();
    }

    @Test
    void offersSourcePackagesInAFolderOfTheirOwn() throws Exception {
        var shop = Hosted.create(server, "acme/rpm-sources");
        var app = RpmBuilder.of("app", "2.0");
        shop.pushed(app.buildSource(folder), EL9);
        shop.pushed(app.build(folder), EL9);
        shop.awaitIndexed();
        var dnf = PrivateDnf.of(newRoot(), url(shop, "el/9/SRPMS"), false, url(shop, "gpgkey"));
        assertEquals(Set.of("app-2.0-1.src"), dnf.available());
        var location = dnf.dnf("repoquery", "--quiet", "--location", "app").successful().out().strip();
        var fetched = folder.resolve("fetched.src.rpm");
        CommandRun.of("curl", "-sfL", "-o", fetched.toString(), location).successful();
        CommandRun.of("rpmkeys", "--checksig", "--nosignature", fetched.toString()).successful();
        assertEquals("app.spec", CommandRun.of("rpm", "-qpl", "--nosignature", fetched.toString()).successful().out()
                .strip().replace("-2.0-1", ""));
        assertEquals(Set.of(app.nevra()), dnf(shop).available());
    }

    @Test
    void seesOnlyWholeGenerationsWhilePackagesArePushed() throws Exception {
        var shop = Hosted.create(server, "acme/rpm-busy");
        var recipes = new ArrayList<RpmBuilder>();
        for (int i = 0; i <= PUSHED_WHILE_LOOKING; i++) {
            recipes.add(RpmBuilder.of("busy" + i, "1"));
        }
        var files = RpmBuilder.buildAll(folder, recipes);
        shop.pushed(files.getFirst(), EL9);
        shop.awaitIndexed();
        var dnf = dnf(shop);
        var failures = Collections.synchronizedList(new ArrayList<Throwable>());
        var left = new AtomicInteger(PUSHED_WHILE_LOOKING);
        var pusher = Thread.ofVirtual().start(() -> {
            try {
                for (var rpm : files.subList(1, files.size())) {
                    shop.pushed(rpm, EL9);
                    left.decrementAndGet();
                }
            } catch (Throwable failed) {
                failures.add(failed);
                left.set(0);
            }
        });
        Set<String> before = Set.of(recipes.getFirst().nevra());
        for (int rounds = 0; left.get() > 0 || rounds < 3; rounds++) {
            var seen = dnf.available();
            assertTrue(seen.containsAll(before), () -> "lost from the index: " + seen);
            before = seen;
        }
        pusher.join();
        assertEquals(List.of(), failures);
        shop.awaitIndexed();
        var all = new TreeSet<String>();
        recipes.forEach(one -> all.add(one.nevra()));
        assertEquals(all, dnf.available());
    }

    private static PrivateDnf dnf(Hosted shop) throws IOException {
        return PrivateDnf.of(newRoot(), url(shop, "el/9/$basearch"), false, url(shop, "gpgkey"));
    }

    private static String url(Hosted shop, String path) {
        return server.at("/" + shop.fullName() + "/").toString() + path;
    }

    private static Path newRoot() throws IOException {
        return Files.createTempDirectory(folder, "dnf-");
    }
}
