package cambium.acceptance.rpm;

import static cambium.acceptance.Hosted.EL9;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.acceptance.Await;
import cambium.acceptance.CommandRun;
import cambium.acceptance.Hosted;
import cambium.acceptance.OneServerForAll;
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
import org.junit.jupiter.api.Test;

/// The dnf and rpm of this machine live from a packaged server. What they see is counted, since a client may read less
/// than there is and still report success.
class DnfTest extends OneServerForAll {
    private static final int PUSHED_WHILE_LOOKING = 24;

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

    /// In the time of grace whoever trusts either key goes on; after it, only who has the new one.
    @Test
    void goesOnThroughARotationWithTheFormerKeyTheNewAndBoth() throws Exception {
        var shop = Hosted.create(server, "acme/rpm-rotated");
        var app = RpmBuilder.of("app", "1");
        var more = RpmBuilder.of("more", "1");
        var last = RpmBuilder.of("last", "1");
        var files = RpmBuilder.buildAll(folder, List.of(app, more, last));
        shop.pushed(files.getFirst(), EL9);
        shop.awaitIndexed();
        var keys = "/api/repositories/" + shop.fullName() + "/keys";
        var formerKey = server.get(keys).at("/keys/0/fingerprint").asText();
        var former = kept("former.asc", "/" + shop.fullName() + "/gpgkey");
        var newKey = server.post(keys + "/rotate", "{\"grace\":\"P1D\"}").get("fingerprint").asText();
        var fresh = kept("fresh.asc", keys + "/" + newKey);
        shop.pushed(files.get(1), EL9);
        shop.awaitIndexed();
        var signature = kept("repomd.xml.asc", "/" + shop.fullName()
                + "/el/9/x86_64/repodata/repomd.xml.asc");
        assertEquals(2, CommandRun.of("gpg", "--list-packets", signature).successful().out().lines()
                .filter(line -> line.startsWith(":signature packet:")).count());
        for (var known : List.of("file://" + former, "file://" + fresh, url(shop, "gpgkey"))) {
            var dnf = PrivateDnf.of(newRoot(), url(shop, "el/9/$basearch"), false, known);
            assertEquals(Set.of(app.nevra(), more.nevra()), dnf.available(), known);
            dnf.dnf("install", "more").successful();
            assertEquals(Set.of(more.nevra()), dnf.installed());
        }

        assertEquals(200, server.send("DELETE", keys + "/" + formerKey, "application/json", "").statusCode());
        shop.pushed(files.get(2), EL9);
        shop.awaitIndexed();
        var late = PrivateDnf.of(newRoot(), url(shop, "el/9/$basearch"), false, "file://" + former);
        var refused = late.dnf("install", "last");
        assertNotEquals(0, refused.exit());
        assertTrue(refused.output().contains("repomd.xml GPG signature verification error"), refused.toString());
        assertEquals(Set.of(), late.installed());
        assertEquals(Set.of(app.nevra(), more.nevra(), last.nevra()),
                PrivateDnf.of(newRoot(), url(shop, "el/9/$basearch"), false, "file://" + fresh).available());
    }

    /// The file that now holds what the server has there.
    private static String kept(String name, String path) throws IOException {
        var answer = server.send("GET", path, "application/json", "");
        assertEquals(200, answer.statusCode(), answer.body());
        return Files.writeString(folder.resolve(name), answer.body()).toString();
    }

    @Test
    void opensAPrivateRepositoryWithAReadTokenOnly() throws Exception {
        var shop = Hosted.createPrivate(server, "acme/rpm-private");
        var secret = RpmBuilder.of("secret", "1");
        shop.pushed(secret.build(folder), EL9);
        shop.awaitIndexed();
        var token = shop.readToken();
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
