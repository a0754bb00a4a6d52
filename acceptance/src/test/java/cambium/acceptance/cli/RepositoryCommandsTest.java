package cambium.acceptance.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.acceptance.CommandRun;
import cambium.acceptance.Hosted;
import cambium.acceptance.Operator;
import cambium.acceptance.RunningServer;
import cambium.acceptance.apt.DebBuilder;
import cambium.acceptance.apt.SourceBuilder;
import cambium.acceptance.rpm.RpmBuilder;
import com.fasterxml.jackson.databind.JsonNode;
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

/// The commands for repositories at a real server: many files pushed as one, where a refused one costs the others
/// nothing, and everything that is set for a repository read back from the server itself.
class RepositoryCommandsTest {
    private static final String SHOP = "acme/shop";

    @TempDir
    static Path folder;
    private static RunningServer server;

    @BeforeAll
    static void start() throws IOException {
        server = RunningServer.start(folder.resolve("data"), "--webhook-hosts", "127.0.0.1");
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

    private static JsonNode kept(String path) throws IOException {
        return server.get("/api/repositories/" + SHOP + path);
    }

    private static CommandRun types(String... words) throws IOException {
        return new Operator(server).types(words);
    }

    @Test
    void saysHowManyVersionsStay() throws Exception {
        var versions = List.of(DebBuilder.of("kept", "1.0").build(folder), DebBuilder.of("kept", "2.0").build(folder));
        push("debian/bookworm", "", versions).successful();
        var tried = types("retention", "set", SHOP, "--versions", "1", "--dry-run").successful();
        assertTrue(tried.out().contains("kept_1.0_all.deb"), tried.toString());
        assertFalse(tried.out().contains("kept_2.0_all.deb"), tried.toString());
        assertTrue(kept("/retention").isEmpty());
        types("retention", "set", SHOP, "--versions", "9", "--days", "30").successful();
        assertEquals(9, kept("/retention").get("keep_versions").asInt());
        assertEquals(30, new Operator(server).json("retention", "show", SHOP, "--json").get("keep_days").asInt());
        types("retention", "end", SHOP).successful();
        assertTrue(kept("/retention").isEmpty());
    }

    @Test
    void saysWhatAptIsOffered() throws Exception {
        String apt = "/api/v1/repos/" + SHOP + "/apt";
        types("apt", "set", SHOP, "--contents", "--valid-for", "14d").successful();
        assertEquals(14 * 86_400, server.get(apt).get("valid_for_seconds").asInt());
        assertTrue(server.get(apt).get("contents").asBoolean());
        var shown = types("apt", "set", SHOP, "--no-contents").successful();
        assertTrue(shown.out().contains("1209600 seconds, says the repository"), shown.toString());
        assertFalse(server.get(apt).get("contents").asBoolean());
        types("apt", "set", SHOP, "--valid-for", "default").successful();
        assertEquals("server", server.get(apt).get("valid_for_said_by").asText());
    }

    @Test
    void keepsWebhooksTokensAndPackageKeys() throws Exception {
        var inside = types("webhook", "add", SHOP, "https://10.0.0.1/hook");
        assertEquals(1, inside.exit(), inside.toString());
        assertEquals(0, kept("/webhooks").get("webhooks").size());
        var hook = types("webhook", "add", SHOP, "http://127.0.0.1:1/hook").successful();
        String id = kept("/webhooks").at("/webhooks/0/id").asText();
        assertTrue(hook.out().startsWith("webhook " + id + "; its secret"), hook.toString());
        assertTrue(types("webhook", "list", SHOP).successful().out().contains("http://127.0.0.1:1/hook"));
        types("webhook", "remove", SHOP, id).successful();
        assertEquals(0, kept("/webhooks").get("webhooks").size());

        types("repository-token", "add", SHOP, "fleet").successful();
        String value = types("repository-token", "add", SHOP, "fleet", "host-1").successful().out().lines().skip(1)
                .findFirst().orElseThrow().strip();
        assertTrue(types("repository-token", "list", SHOP).successful().out().contains(value));
        types("repository-token", "remove", SHOP, "fleet", "host-1").successful();
        String left = server.get("/api/v1/repos/" + SHOP + "/master_tokens.json").toString();
        assertTrue(left.contains("fleet") && !left.contains("host-1"), left);
        types("repository-token", "remove", SHOP, "fleet").successful();
        assertFalse(server.get("/api/v1/repos/" + SHOP + "/master_tokens.json").toString().contains("fleet"));

        Path key = folder.resolve("packager.asc");
        Files.writeString(key, types("key", "export", SHOP).successful().out());
        types("package-key", "add", SHOP, "-f", key.toString()).successful();
        var known = new Operator(server).json("package-key", "list", SHOP, "--json").get("gpg_keys");
        assertEquals(List.of("repo", "package"), known.findValuesAsText("keytype"), known.toString());
        types("package-key", "remove", SHOP, known.at("/1/name").asText()).successful();
        assertEquals(1, server.get("/api/v1/repos/" + SHOP + "/gpg_keys").get("gpg_keys").size());
    }

    @Test
    void tellsWhoWithdrewWhat() throws Exception {
        push("debian/bookworm", "", List.of(DebBuilder.of("leaky", "1.0").build(folder))).successful();
        types("package", "quarantine", SHOP, "debian/bookworm", "leaky_1.0_all.deb", "--why", "a look").successful();
        var withdrawn = types("package", "withdrawn", SHOP).successful();
        assertTrue(withdrawn.out().contains("leaky_1.0_all.deb") && withdrawn.out().contains("a look"),
                withdrawn.toString());
        var events = types("events", "--repo", SHOP).successful();
        assertTrue(events.out().lines().anyMatch(line -> line.contains("quarantine") && line.contains("leaky")),
                events.toString());
        types("package", "release", SHOP, "debian/bookworm", "leaky_1.0_all.deb").successful();
        assertTrue(kept("/withdrawn").get("withdrawn").isEmpty());
    }
}
