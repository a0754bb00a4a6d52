package cambium.acceptance.apt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.acceptance.Await;
import cambium.acceptance.Hosted;
import cambium.acceptance.OneServerForAll;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Sources, patches of indexes, translations, going back and forth between versions: with the apt of this machine.
class AptExtrasTest extends OneServerForAll {
    private static final Pattern FETCHED = Pattern.compile("Fetched ([0-9.,]+) (k?B|MB) in");

    private record Machine(Path root, PrivateApt apt) {
        static Machine of(Hosted repository) throws IOException {
            var root = Files.createTempDirectory(folder, "apt-");
            return new Machine(root, PrivateApt.of(root, PrivateApt.keyOf(server, repository.fullName()),
                    server.at("/" + repository.fullName() + "/debian"), "bookworm"));
        }
    }

    @Test
    void fetchesAndUnpacksTheSourceOfEachVersion() throws Exception {
        var shop = Hosted.create(server, "acme/sources");
        for (var revision : new String[] {"1", "2"}) {
            var source = new SourceBuilder("greet", "1.0", revision);
            var built = source.build(folder);
            shop.pushedSource(built.resolve(source.dscName()), source.others(built));
        }
        shop.pushed(DebBuilder.of("greet", "1.0-2").build(folder));
        shop.awaitIndexed();
        var machine = Machine.of(shop);
        var list = machine.root().resolve("etc/apt/sources.list");
        Files.writeString(list, Files.readString(list).replaceFirst("^deb (.*)\n", "deb $1\ndeb-src $1\n"));
        machine.apt().update();

        var work = Files.createDirectory(machine.root().resolve("work"));
        var newest = machine.apt().getIn(work, "source", "greet").successful();
        assertTrue(newest.output().contains("greet 1.0-2 (dsc)"), newest.toString());
        assertEquals("version 1.0\n", Files.readString(work.resolve("greet-1.0/text")));
        assertTrue(Files.readString(work.resolve("greet-1.0/debian/changelog")).startsWith("greet (1.0-2)"));
        machine.apt().getIn(work, "source", "--download-only", "greet=1.0-1").successful();
        try (var files = Files.list(work)) {
            assertEquals(Set.of("greet-1.0", "greet_1.0-1.debian.tar.xz", "greet_1.0-1.dsc",
                    "greet_1.0-2.debian.tar.xz", "greet_1.0-2.dsc", "greet_1.0.orig.tar.xz"),
                    Set.copyOf(files.map(file -> file.getFileName().toString()).toList()));
        }
        assertEquals(2, machine.apt().sources("greet"));
    }

    @Test
    void onePackageMoreIsFetchedAsAPatch() throws Exception {
        var shop = Hosted.create(server, "acme/patches");
        int packages = 150;
        var pushes = new ArrayList<Path>();
        for (int i = 0; i < packages; i++) {
            pushes.add(DebBuilder.of("filler" + i, "1." + i).withCompression("none").build(folder));
        }
        for (var deb : pushes) {
            shop.pushed(deb);
        }
        shop.awaitIndexed();
        var apt = Machine.of(shop).apt();
        long whole = fetched(apt.update().output());
        assertEquals(packages, apt.available().size());

        shop.pushed(DebBuilder.of("more", "1").build(folder));
        shop.awaitIndexed();
        var update = apt.get("-o", "Debug::Acquire::http=1", "update").successful().output();
        assertFalse(update.matches("(?s).*/main/binary-[a-z0-9]+/by-hash/.*"), update);
        assertFalse(update.matches("(?s).*GET [^ ]*/binary-[a-z0-9]+/Packages\\.[gx]z.*"), update);
        assertEquals(packages + 1, apt.available().size());
        long patched = fetched(update);
        System.out.println("apt fetched " + whole + " bytes at first, " + patched + " bytes after one more package");
        assertTrue(patched * 3 < whole, patched + " of " + whole + "\n" + update);

        assertEquals(200, shop.delete(DebBuilder.of("filler70", "1.70").fileName()));
        Await.until("the index offers one less", () -> {
            apt.update();
            return apt.available().size() == packages;
        });
        assertFalse(apt.available().contains("filler70 1.70"));
    }

    private static long fetched(String log) {
        var found = FETCHED.matcher(log);
        assertTrue(found.find(), log);
        double number = Double.parseDouble(found.group(1).replace(",", ""));
        return (long) (number * switch (found.group(2)) {
            case "kB" -> 1_000;
            case "MB" -> 1_000_000;
            default -> 1;
        });
    }

    @Test
    void readsLongDescriptionsFromTranslationsAndContentsOnRequest() throws Exception {
        var shop = Hosted.create(server, "acme/words");
        shop.pushed(DebBuilder.of("hello", "1").build(folder));
        shop.awaitIndexed();
        var answer = server.send("PUT", "/api/v1/repos/acme/words/apt", "application/json",
                "{\"translations\":true,\"contents\":true,\"valid_for_seconds\":86400}");
        assertEquals(200, answer.statusCode(), answer.body());
        Await.until("there is a translation", () -> release(shop).contains("main/i18n/Translation-en.xz"));
        assertTrue(release(shop).contains("main/Contents-amd64.gz"));
        assertTrue(release(shop).contains("\nValid-Until: "));
        var apt = Machine.of(shop).apt();
        apt.get("-o", "Acquire::Languages=none", "update").successful();
        assertFalse(apt.shown("hello").contains("Says which version it is."), "the long part is not in Packages");
        apt.get("-o", "Acquire::Languages=en", "update").successful();
        assertTrue(apt.shown("hello", "-o", "Acquire::Languages=en").contains("Says which version it is."));
        assertEquals(Set.of("hello 1"), apt.available());
        assertEquals("usr/share/hello/version misc/hello", server.send("GET",
                "/acme/words/debian/dists/bookworm/main/Contents-amd64", "text/plain", "").body().strip()
                .replaceAll(" +", " "));
    }

    private static String release(Hosted repository) throws IOException {
        return server.send("GET", "/" + repository.fullName() + "/debian/dists/bookworm/Release", "text/plain", "")
                .body();
    }

    @Test
    void goesUpDownAndUpAgainBetweenVersionsAndAroundAWithdrawnOne() throws Exception {
        var shop = Hosted.create(server, "acme/versions");
        for (var version : new String[] {"1.0", "1.1", "1:0.9"}) {
            shop.pushed(DebBuilder.of("tool", version).build(folder));
        }
        shop.awaitIndexed();
        var apt = Machine.of(shop).apt();
        apt.update();
        apt.get("install", "tool=1.0").successful();
        assertEquals(Optional.of("1.0"), apt.installed("tool"));
        apt.get("upgrade").successful();
        assertEquals(Optional.of("1:0.9"), apt.installed("tool"));
        apt.get("install", "--allow-downgrades", "tool=1.1").successful();
        assertEquals(Optional.of("1.1"), apt.installed("tool"));
        assertEquals(Optional.of("1.1\n"), apt.file("usr/share/tool/version"));

        assertEquals(200, shop.delete(DebBuilder.of("tool", "1:0.9").fileName()));
        Await.until("the newest is withdrawn", () -> {
            apt.update();
            return apt.available().equals(Set.of("tool 1.1"));
        });
        apt.get("upgrade").successful();
        assertEquals(Optional.of("1.1"), apt.installed("tool"));
    }
}
