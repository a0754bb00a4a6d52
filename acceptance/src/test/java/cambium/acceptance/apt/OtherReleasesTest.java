package cambium.acceptance.apt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.acceptance.Hosted;
import cambium.acceptance.OneServerForAll;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The apt and dpkg of other releases of Debian, each with its own libraries in a folder of its own. What the package
/// registry of this machine does not offer is said, not silently left out.
class OtherReleasesTest extends OneServerForAll {
    private static final int PACKAGES = 40;

    @ParameterizedTest
    @ValueSource(strings = {"bullseye", "trixie"})
    void readsPatchesInstallsUpgradesAndGoesBack(String codename) throws Exception {
        var release = DebianRelease.unpacked(codename);
        if (release.isEmpty()) {
            System.out.println("Debian " + codename + " is not offered here: its apt was NOT tried");
            return;
        }
        var shop = Hosted.create(server, "acme/" + codename);
        for (int i = 0; i < PACKAGES; i++) {
            shop.pushed(DebBuilder.of("filler" + i, "1").withCompression("gzip").build(folder));
        }
        shop.pushed(DebBuilder.of("tool", "1.0").build(folder));
        shop.awaitIndexed();
        var apt = release.get().machine(folder, PrivateApt.keyOf(server, shop.fullName()),
                server.at("/" + shop.fullName() + "/debian/"));
        var version = apt.run("apt-get", "--version").lines().findFirst().orElse("");
        System.out.println("Debian " + codename + ": " + version);
        apt.update();
        assertEquals(PACKAGES + 1, apt.packagesSeen());
        apt.run("apt-get", "-y", "install", "tool");
        assertEquals("1.0\n", apt.file("usr/share/tool/version"));

        shop.pushed(DebBuilder.of("tool", "1.1").build(folder));
        shop.pushed(DebBuilder.of("more", "1").build(folder));
        shop.awaitIndexed();
        var update = apt.update();
        assertTrue(update.contains("Packages.diff/"), update);
        assertFalse(update.matches("(?s).*/main/binary-[a-z0-9]+/by-hash/.*"), update);
        assertEquals(PACKAGES + 2, apt.packagesSeen());
        apt.run("apt-get", "-y", "upgrade");
        assertEquals("1.1\n", apt.file("usr/share/tool/version"));
        apt.run("apt-get", "-y", "--allow-downgrades", "install", "tool=1.0");
        assertEquals("1.0\n", apt.file("usr/share/tool/version"));
        assertEquals(Set.of("tool"), apt.installed());
        apt.remove();
    }
}
