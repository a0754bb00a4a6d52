package cambium.acceptance.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.acceptance.CommandRun;
import cambium.acceptance.Hosted;
import cambium.acceptance.RunningServer;
import cambium.acceptance.apt.DebBuilder;
import cambium.acceptance.apt.SourceBuilder;
import cambium.acceptance.rpm.RpmBuilder;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `./cambium push` of many files at a real server: one that is refused costs the others nothing.
class PushManyTest {
    private static final String SHOP = "acme/shop";

    @TempDir
    static Path folder;
    private static RunningServer server;

    @BeforeAll
    static void start() throws IOException {
        server = RunningServer.start(folder.resolve("data"));
        Hosted.create(server, SHOP);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static CommandRun push(String distribution, String json, List<Path> files) throws IOException {
        var words = new ArrayList<>(List.of("push", "--repo", SHOP, "--distro", distribution));
        Stream.of(json).filter(word -> !word.isEmpty()).forEach(words::add);
        files.forEach(file -> words.add(file.toString()));
        return new Operator(server).types(words.toArray(String[]::new));
    }

    @Test
    void aRefusedFileDoesNotStopTheOthers() throws Exception {
        Path first = DebBuilder.of("first", "1.0").build(folder);
        Path last = DebBuilder.of("last", "1.0").build(folder);
        Path broken = Files.writeString(folder.resolve("broken_1.0_all.deb"), "no archive");
        var run = push("debian/bookworm", "", List.of(first, broken, last));
        assertEquals(1, run.exit(), run.toString());
        assertTrue(run.out().endsWith("3 packages: 2 pushed, 0 there already, 1 not taken; "
                + "visible to package managers\n"), run.toString());
        assertTrue(run.err().startsWith("cambium: " + broken + ": "), run.toString());
        var names = new Hosted(server, SHOP).fileNames();
        assertTrue(names.containsAll(List.of("first_1.0_all.deb", "last_1.0_all.deb")), names.toString());
        assertFalse(names.contains("broken_1.0_all.deb"), names.toString());

        Path other = Files.createDirectories(folder.resolve("other"));
        Path more = DebBuilder.of("more", "1.0").build(folder);
        Path taken = DebBuilder.of("first", "1.0").withFile("usr/share/first/other", "other").build(other);
        var again = push("debian/bookworm", "--json", List.of(first, taken, more));
        assertEquals(1, again.exit(), again.toString());
        var results = new ObjectMapper().readTree(again.out());
        assertEquals(3, results.size(), again.toString());
        assertEquals("already_there", results.at("/0/result").asText(), again.toString());
        assertEquals("refused", results.at("/1/result").asText(), again.toString());
        assertFalse(results.at("/1/code").asText().isEmpty(), again.toString());
        assertTrue(results.at("/1/reason").asText().contains("taken"), again.toString());
        assertEquals("pushed", results.at("/2/result").asText(), again.toString());
        assertTrue(results.at("/2/package/indexed").asBoolean(), again.toString());
    }

    @Test
    void takesSourcePackagesWithTheirFiles() throws Exception {
        var builder = new SourceBuilder("garden", "1.0", "1");
        Path built = builder.build(folder);
        var files = new ArrayList<>(builder.others(built));
        files.add(built.resolve(builder.dscName()));
        var run = push("debian/bookworm", "", files).successful();
        assertEquals(builder.dscName() + " pushed, visible to package managers",
                run.out().strip().replaceFirst(".*/", ""), run.toString());

        var second = new SourceBuilder("garden", "2.0", "1");
        Path incomplete = second.build(folder);
        Path missing = second.others(incomplete).getFirst();
        Files.delete(missing);
        var refused = push("debian/bookworm", "", List.of(incomplete.resolve(second.dscName())));
        assertEquals(1, refused.exit(), refused.toString());
        assertTrue(refused.err().contains("cannot read " + missing.getFileName() + ", which it names"),
                refused.toString());
        assertFalse(new Hosted(server, SHOP).fileNames().contains(second.dscName()));
    }

    @Test
    void takesRpmsAndAnyFile() throws Exception {
        var rpm = RpmBuilder.of("bench", "1.0");
        push("el/9", "", List.of(rpm.build(folder), rpm.buildSource(folder))).successful();
        Path notes = Files.writeString(folder.resolve("notes+1~rc.txt"), "what changed\n");
        push("anyfile/1", "", List.of(notes)).successful();
        var names = new Hosted(server, SHOP).fileNames();
        assertTrue(names.containsAll(Set.of(rpm.fileName(), "bench-1.0-1.src.rpm", "notes+1~rc.txt")),
                names.toString());
    }

    @Test
    void wrongUseSendsNothing() throws Exception {
        Path deb = DebBuilder.of("unsent", "1.0").build(folder);
        var aFolder = push("debian/bookworm", "", List.of(deb, folder));
        assertEquals(2, aFolder.exit(), aFolder.toString());
        assertTrue(aFolder.err().contains("cambium import"), aFolder.toString());
        Path notes = Files.writeString(folder.resolve("notes.txt"), "x");
        var noPackage = push("debian/bookworm", "", List.of(deb, notes));
        assertEquals(2, noPackage.exit(), noPackage.toString());
        assertTrue(noPackage.err().contains("anyfile/1"), noPackage.toString());
        assertEquals(2, push("debian/bookworm", "", List.of(deb, folder.resolve("none*.deb"))).exit());
        assertFalse(new Hosted(server, SHOP).fileNames().contains("unsent_1.0_all.deb"));
    }
}
