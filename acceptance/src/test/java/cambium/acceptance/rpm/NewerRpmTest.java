package cambium.acceptance.rpm;

import static cambium.acceptance.Hosted.EL9;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.acceptance.Hosted;
import cambium.acceptance.OneServerForAll;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// rpm 6 and dnf5 as they are, in a folder of their own. What the package registry of this machine does not offer is
/// said, not silently left out.
class NewerRpmTest extends OneServerForAll {
    @Test
    void packagesOfRpmSixAreTakenAndDnfFiveInstallsUpgradesAndGoesBack() throws Exception {
        var offered = NewerDebian.create(folder);
        if (offered.isEmpty()) {
            System.out.println("Debian forky is not offered here: rpm 6 and dnf5 were NOT tried");
            return;
        }
        try (var machine = offered.get()) {
            System.out.println(machine.run("rpm", "--version").out().strip() + ", "
                    + machine.run("dnf5", "--version").out().lines().findFirst().orElse(""));
            installsUpgradesAndGoesBack(machine);
            fetchesSources(machine);
            takesSignaturesOfRpmSix(machine);
            opensAPrivateRepository(machine);
        }
    }

    private void installsUpgradesAndGoesBack(NewerDebian machine) throws Exception {
        var shop = Hosted.create(server, "acme/newer");
        var old = RpmBuilder.of("app", "1.0").requiring("tool");
        var tool = RpmBuilder.of("tool", "2").withPayload("w2.xzdio");
        var six = machine.built(old);
        assertEquals("6", machine.run("rpm", "-qp", "--qf", "%{RPMFORMAT}", "/" + machine.root().relativize(six))
                .successful().out());
        shop.pushed(six, EL9);
        shop.pushed(tool.build(folder), EL9);
        shop.awaitIndexed();
        machine.use(url(shop, "el/9/$basearch"), false, url(shop, "gpgkey"));
        assertEquals(Set.of(old.nevra(), tool.nevra()), machine.available());
        machine.dnf("install", "app").successful();
        assertEquals(Set.of(old.nevra(), tool.nevra()), machine.installed());
        assertEquals("1.0\n", machine.file("usr/share/app/version"));

        var fresh = RpmBuilder.of("app", "1.1").requiring("tool");
        shop.pushed(machine.built(fresh), EL9);
        shop.awaitIndexed();
        machine.dnf("upgrade").successful();
        assertEquals(Set.of(fresh.nevra(), tool.nevra()), machine.installed());
        machine.dnf("downgrade", "app").successful();
        assertEquals(Set.of(old.nevra(), tool.nevra()), machine.installed());
        assertEquals("1.0\n", machine.file("usr/share/app/version"));
        // The rpm of this machine is 4.18, and installs them as well.
        var older = PrivateDnf.of(Files.createTempDirectory(folder, "dnf-"),
                url(shop, "el/9/$basearch"), false, url(shop, "gpgkey"));
        assertEquals(Set.of(old.nevra(), fresh.nevra(), tool.nevra()), older.available());
        older.dnf("install", "app").successful();
        assertEquals(Set.of(fresh.nevra(), tool.nevra()), older.installed());
    }

    private void fetchesSources(NewerDebian machine) throws Exception {
        var shop = Hosted.create(server, "acme/newer-sources");
        var recipe = RpmBuilder.of("made", "3");
        var source = recipe.buildSource(folder);
        shop.pushed(source, EL9);
        shop.pushed(recipe.build(folder), EL9);
        shop.awaitIndexed();
        machine.use(url(shop, "el/9/$basearch"), false, url(shop, "gpgkey"));
        machine.haveSources(url(shop, "el/9/SRPMS"), url(shop, "gpgkey"));
        assertEquals(Set.of(recipe.nevra()), machine.available(), "sources are not offered for installing");
        var before = machine.installed();
        machine.dnf("download", "--srpm", "--destdir=/build", "made").successful();
        assertArrayEquals(Files.readAllBytes(source), Files.readAllBytes(machine.root().resolve("build")
                .resolve(source.getFileName().toString())));
        assertEquals(before, machine.installed());
    }

    /// Two signatures in one package, each of which the server and rpm 6 know.
    private void takesSignaturesOfRpmSix(NewerDebian machine) throws Exception {
        var shop = Hosted.create(server, "acme/newer-signed");
        server.send("PUT", "/api/repositories/" + shop.fullName() + "/policy", "application/json",
                "{\"signatures\":\"known\",\"digests\":\"strong\"}");
        var recipe = RpmBuilder.of("signed", "6");
        var rpm = machine.built(recipe);
        assertEquals(422, shop.push(rpm, EL9).statusCode());
        var first = machine.signed(rpm, "first", "rsa3072");
        assertEquals(422, shop.push(rpm, EL9).statusCode());
        var second = uploaded(shop, machine.signed(rpm, "second", "ed25519"));
        shop.pushed(rpm, EL9);
        shop.awaitIndexed();
        // For the server one known signature is enough; dnf5 wants to know them all.
        machine.use(url(shop, "el/9/$basearch"), true, url(shop, "gpgkey"), second);
        assertNotEquals(0, machine.dnf("install", "signed").exit());
        machine.use(url(shop, "el/9/$basearch"), true, url(shop, "gpgkey"), second, uploaded(shop, first));
        machine.dnf("install", "signed").successful();
        assertTrue(machine.installed().contains(recipe.nevra()));
        assertEquals(List.of(recipe.fileName()), List.copyOf(shop.fileNames()));
    }

    /// The address of a package key that was uploaded.
    private static String uploaded(Hosted shop, String key) throws IOException {
        return server.post("/api/v1/repos/" + shop.fullName() + "/gpg_keys.json", new ObjectMapper()
                .writeValueAsString(Map.of("gpg_key", Map.of("keydata", key)))).get("download_url").asText();
    }

    private void opensAPrivateRepository(NewerDebian machine) throws Exception {
        var shop = Hosted.createPrivate(server, "acme/newer-private");
        var secret = RpmBuilder.of("secret", "1");
        shop.pushed(secret.build(folder), EL9);
        shop.awaitIndexed();
        var address = url(shop, "").replace("://", "://" + shop.readToken() + ":@");
        // Once dnf5 has learnt a key for an address, it goes on trusting it; so the wrong one comes first.
        var stranger = Hosted.create(server, "acme/newer-stranger");
        machine.use(address + "el/9/$basearch", false, url(stranger, "gpgkey"));
        var refused = machine.dnf("makecache");
        assertNotEquals(0, refused.exit());
        assertTrue(refused.output().contains("repomd.xml GPG signature verification error"), refused.toString());
        machine.use(address + "el/9/$basearch", false, address + "gpgkey");
        assertEquals(Set.of(secret.nevra()), machine.available());
        machine.use(url(shop, "el/9/$basearch"), false, url(shop, "gpgkey"));
        assertNotEquals(0, machine.dnf("makecache").exit());
    }

    private static String url(Hosted shop, String path) {
        return server.at("/" + shop.fullName() + "/").toString() + path;
    }
}
