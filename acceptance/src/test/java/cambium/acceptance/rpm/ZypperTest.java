package cambium.acceptance.rpm;

import static cambium.acceptance.Hosted.EL9;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import cambium.acceptance.Hosted;
import cambium.acceptance.OneServerForAll;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The zypper of this machine lives from a packaged server; what it sees is counted.
class ZypperTest extends OneServerForAll {
    @Test
    void seesInstallsUpdatesAndDowngrades() throws Exception {
        var shop = Hosted.create(server, "acme/suse");
        var app = RpmBuilder.of("app", "1.0").requiring("tool");
        var tool = RpmBuilder.of("tool", "2").withPayload("w3.zstdio");
        for (var rpm : RpmBuilder.buildAll(folder, List.of(app, tool))) {
            shop.pushed(rpm, EL9);
        }
        shop.awaitIndexed();
        var zypper = PrivateZypper.of(folder.resolve("zypper"), url(shop, "el/9/$basearch"), url(shop, "gpgkey"));
        assertEquals(Set.of("app 1.0-1 noarch", "tool 2-1 noarch"), zypper.available());
        zypper.zypper("install", "app").successful();
        assertEquals(Set.of(app.nevra(), tool.nevra()), zypper.installed());
        var fresh = RpmBuilder.of("app", "1.1").requiring("tool");
        shop.pushed(fresh.build(folder), EL9);
        shop.awaitIndexed();
        assertEquals(3, zypper.available().size());
        zypper.zypper("update").successful();
        assertEquals(Set.of(fresh.nevra(), tool.nevra()), zypper.installed());
        assertEquals(Optional.of("1.1\n"), zypper.file("usr/share/app/version"));
        zypper.zypper("install", "--oldpackage", "app=1.0").successful();
        assertEquals(Set.of(app.nevra(), tool.nevra()), zypper.installed());
        assertEquals(Optional.of("1.0\n"), zypper.file("usr/share/app/version"));

        var careful = PrivateZypper.of(folder.resolve("careful"), url(shop, "el/9/$basearch"), url(shop, "gpgkey"));
        assertNotEquals(0, careful.careful("refresh").exit());
        assertNotEquals(0, careful.careful("install", "app").exit());
        assertEquals(Set.of(), careful.installed());
    }

    @Test
    void installsTheSourcesOfAPackageAndNothingElse() throws Exception {
        var shop = Hosted.create(server, "acme/suse-sources");
        var app = RpmBuilder.of("app", "2.0");
        shop.pushed(app.buildSource(folder), EL9);
        shop.pushed(app.build(folder), EL9);
        shop.awaitIndexed();
        var zypper = PrivateZypper.of(folder.resolve("sources"), url(shop, "el/9/$basearch"), url(shop, "gpgkey"));
        zypper.alsoFrom("shop-source", url(shop, "el/9/SRPMS"), url(shop, "gpgkey"));
        zypper.zypper("refresh", "--force").successful();
        var run = zypper.zypper("source-install", "--no-build-deps", "app").successful();
        // Where rpm puts sources depends on how the distribution built it.
        try (var files = Files.walk(folder.resolve("sources"))) {
            var specs = files.filter(file -> file.toString().endsWith(".spec")).toList();
            assertEquals(1, specs.size(), run.toString());
            assertEquals(app.spec(), Files.readString(specs.getFirst()));
        }
        assertEquals(Set.of(), zypper.installed());
    }

    /// In the time of grace whoever trusts either key goes on; after it, only who has the new one.
    @Test
    void goesOnThroughARotationWithTheFormerKeyAndTheNew() throws Exception {
        var shop = Hosted.create(server, "acme/suse-rotated");
        var app = RpmBuilder.of("app", "1");
        var more = RpmBuilder.of("more", "1");
        var last = RpmBuilder.of("last", "1");
        var files = RpmBuilder.buildAll(folder, List.of(app, more, last));
        shop.pushed(files.getFirst(), EL9);
        shop.awaitIndexed();
        var keys = "/api/repositories/" + shop.fullName() + "/keys";
        var formerKey = server.get(keys).at("/keys/0/fingerprint").asText();
        var baseUrl = url(shop, "el/9/$basearch");
        var former = PrivateZypper.of(folder.resolve("former"), baseUrl, kept("former.asc", "/" + shop.fullName()
                + "/gpgkey"));
        assertEquals(Set.of("app 1-1 noarch"), former.available());

        var newKey = server.post(keys + "/rotate", "{\"grace\":\"P1D\"}").get("fingerprint").asText();
        shop.pushed(files.get(1), EL9);
        shop.awaitIndexed();
        var fresh = PrivateZypper.of(folder.resolve("fresh"), baseUrl, kept("fresh.asc", keys + "/" + newKey));
        former.careful("refresh", "--force").successful();
        for (var zypper : List.of(former, fresh)) {
            assertEquals(Set.of("app 1-1 noarch", "more 1-1 noarch"), zypper.available());
            zypper.zypper("install", "more").successful();
            assertEquals(Set.of(more.nevra()), zypper.installed());
        }

        assertEquals(200, server.send("DELETE", keys + "/" + formerKey, "application/json", "").statusCode());
        shop.pushed(files.get(2), EL9);
        shop.awaitIndexed();
        var refused = former.careful("refresh", "--force");
        assertNotEquals(0, refused.exit(), refused.toString());
        assertNotEquals(0, former.careful("install", "last").exit());
        assertEquals(Set.of(more.nevra()), former.installed());
        // Who takes over keys unasked finds the new one beside repomd.xml.
        assertEquals(3, former.available().size());
        assertEquals(3, fresh.available().size());
        fresh.zypper("install", "last").successful();
        assertEquals(Set.of(more.nevra(), last.nevra()), fresh.installed());
    }

    /// The address of a file that now holds what the server has there.
    private static String kept(String name, String path) throws IOException {
        var answer = server.send("GET", path, "application/json", "");
        assertEquals(200, answer.statusCode(), answer.body());
        return "file://" + Files.writeString(folder.resolve(name), answer.body());
    }

    private static String url(Hosted shop, String path) {
        return server.at("/" + shop.fullName() + "/").toString() + path;
    }
}
