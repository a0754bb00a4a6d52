package cambium.acceptance.rpm;

import static cambium.acceptance.Hosted.EL9;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.acceptance.Await;
import cambium.acceptance.Checkout;
import cambium.acceptance.CommandRun;
import cambium.acceptance.Hosted;
import cambium.acceptance.RunningServer;
import cambium.acceptance.rollout.TinyFleet;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// rpm's own keyring and the channels of rings: each client sees exactly what it may trust.
class RpmTrustTest {
    @TempDir
    static Path folder;
    private static TinyFleet fleet;
    private static RunningServer server;

    @BeforeAll
    static void start() throws IOException {
        fleet = TinyFleet.start(folder.resolve("fleet"));
        server = RunningServer.start(folder.resolve("data"), "--drivers", fleet.drivers());
    }

    @AfterAll
    static void stop() {
        server.close();
        fleet.close();
    }

    @Test
    void dnfInstallsOnlyWhatAKnownPackagerHasSigned() throws Exception {
        var shop = Hosted.create(server, "acme/signed");
        var signed = RpmBuilder.of("signed", "1");
        var unsigned = RpmBuilder.of("unsigned", "1");
        var files = RpmBuilder.buildAll(folder, List.of(signed, unsigned));
        try (var packager = PackageSigner.create()) {
            packager.sign(files.getFirst());
            for (var rpm : files) {
                shop.pushed(rpm, EL9);
            }
            shop.awaitIndexed();
            var key = server.post("/api/v1/repos/" + shop.fullName() + "/gpg_keys.json", new ObjectMapper()
                    .writeValueAsString(Map.of("gpg_key", Map.of("keydata", packager.publicKey()))));
            var dnf = PrivateDnf.of(Files.createDirectories(folder.resolve("dnf")), url(shop, "el/9/$basearch"), true,
                    url(shop, "gpgkey"), key.get("download_url").asText());
            assertEquals(Set.of(signed.nevra(), unsigned.nevra()), dnf.available());
            dnf.dnf("install", "signed").successful();
            var refused = dnf.dnf("install", "unsigned");
            assertNotEquals(0, refused.exit(), refused.toString());
            assertEquals(Set.of(signed.nevra()), dnf.installed());
            rpmKnowsBothKeys(shop, key.get("download_url").asText(), files.getFirst());
            takesOnlyWhatAKnownPackagerHasSigned(shop, packager);
        }
    }

    /// The same judged by the server, of what rpmsign of this machine has signed, before any client sees it.
    private void takesOnlyWhatAKnownPackagerHasSigned(Hosted shop, PackageSigner packager) throws Exception {
        server.send("PUT", "/api/repositories/" + shop.fullName() + "/policy", "application/json",
                "{\"signatures\":\"known\",\"digests\":\"strong\"}");
        var files = RpmBuilder.buildAll(folder, List.of(RpmBuilder.of("mine", "2"), RpmBuilder.of("bare", "2"),
                RpmBuilder.of("theirs", "2")));
        shop.pushed(packager.sign(files.getFirst()), EL9);
        try (var stranger = PackageSigner.create()) {
            for (var rpm : List.of(files.get(1), stranger.sign(files.get(2)))) {
                var refused = shop.push(rpm, EL9);
                assertEquals(422, refused.statusCode());
                assertEquals("policy", refused.headers().firstValue("X-Cambium-Code").orElse(""), refused.body());
            }
        }
        assertEquals(Set.of("mine-2-1.noarch.rpm", "signed-1-1.noarch.rpm", "unsigned-1-1.noarch.rpm"),
                shop.fileNames());
    }

    /// rpm's own policy accepts the key that signs the repository, and the package verifies by the packager's.
    private void rpmKnowsBothKeys(Hosted shop, String packagerKey, Path signed) throws IOException {
        var database = Files.createDirectories(folder.resolve("keys")).toString();
        for (var key : List.of(url(shop, "gpgkey"), packagerKey)) {
            var file = folder.resolve("imported.asc").toString();
            CommandRun.of("curl", "-sfL", "-o", file, key).successful();
            CommandRun.of("rpmkeys", "--dbpath", database, "--import", file).successful();
        }
        assertEquals(2, CommandRun.of("rpm", "--dbpath", database, "-q", "gpg-pubkey").successful().out().lines()
                .count());
        var check = CommandRun.of("rpmkeys", "--dbpath", database, "--checksig", signed.toString()).successful();
        assertTrue(check.out().contains("digests signatures OK"), check.toString());
    }

    @Test
    void aRingOffersOnlyWhatItWasGiven() throws Exception {
        var shop = Hosted.create(server, TinyFleet.REPOSITORY);
        server.putYaml("/api/fleet", fleet.yaml().replace("debian/bookworm", "el/9"));
        var old = RpmBuilder.of("storefront", "1.0");
        var fresh = RpmBuilder.of("storefront", "1.1");
        var files = RpmBuilder.buildAll(folder, List.of(old, fresh));
        shop.pushed(files.getFirst(), EL9);
        shop.awaitIndexed();
        cambium("deploy", "1.0", "--watch");
        shop.pushed(files.getLast(), EL9);
        shop.awaitIndexed();
        var ring = PrivateDnf.of(folder.resolve("ring"), url(shop, "rings/2/el/9/$basearch"), false,
                url(shop, "gpgkey"));
        assertEquals(Set.of(old.nevra()), ring.available());
        ring.dnf("install", "storefront").successful();
        assertEquals(Set.of(old.nevra()), ring.installed());
        var all = PrivateDnf.of(folder.resolve("all"), url(shop, "el/9/$basearch"), false, url(shop, "gpgkey"));
        assertEquals(Set.of(old.nevra(), fresh.nevra()), all.available());

        cambium("deploy", "1.1", "--watch");
        assertEquals(Set.of(old.nevra(), fresh.nevra()), ring.available());
        ring.dnf("upgrade").successful();
        assertEquals(Optional.of("1.1\n"), ring.file("usr/share/storefront/version"));
        assertEquals(200, shop.delete("el/9", fresh.fileName()));
        Await.until("what was withdrawn is gone from the ring", () -> ring.available().equals(Set.of(old.nevra())));
        assertFalse(all.available().contains(fresh.nevra()));
    }

    private void cambium(String... arguments) throws IOException {
        var command = new ArrayList<>(List.of(Checkout.root().resolve("cambium")
                .toString()));
        command.addAll(List.of(arguments));
        CommandRun.of(command, builder -> {
            builder.environment().put("CAMBIUM_URL", server.address().toString());
            builder.environment().put("CAMBIUM_TOKEN", RunningServer.TOKEN);
        }).successful();
    }

    private String url(Hosted shop, String path) {
        return server.at("/" + shop.fullName() + "/") + path;
    }
}
