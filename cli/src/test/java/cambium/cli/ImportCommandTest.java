package cambium.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportCommandTest {
    private static final String IMPORT = "POST /api/v1/repos/acme/storefront/packages/import?distro_version_id=215";
    private static final String DONE = "{\"done\":true}\n";

    private final RecordingServer server = new RecordingServer();

    @TempDir
    Path folder;
    private Operator operator;

    @BeforeEach
    void prepare() throws IOException {
        Files.createDirectories(folder.resolve("debs/more"));
        Files.writeString(folder.resolve("debs/a.deb"), "!<arch>\nbytes of a");
        Files.writeString(folder.resolve("debs/more/b.deb"), "!<arch>\n" + "b".repeat(600));
        Files.writeString(folder.resolve("debs/README"), "no package");
        server.answer("GET /api/v1/distributions.json", 200, "{\"deb\":[{\"index_name\":\"debian\",\"versions\":["
                + "{\"id\":215,\"index_name\":\"bookworm\"}]}]}");
        operator = new Operator(folder, Map.of("CAMBIUM_URL", server.url(), "CAMBIUM_TOKEN", "secret"), false);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Operator.Result bring(String... more) {
        var line = new ArrayList<>(List.of("import", "debs", "--repo", "acme/storefront", "--distro",
                "debian/bookworm"));
        line.addAll(List.of(more));
        return operator.types(line.toArray(String[]::new));
    }

    private static String result(String file, String result) {
        return "{\"file\":\"" + file + "\",\"result\":\"" + result + "\",\"reason\":\"is broken\"}\n";
    }

    @Test
    void sendsAllPackagesBelowTheFolderAsAnArchiveThatTarReads() throws Exception {
        server.answer(IMPORT, 200, result("a.deb", "received") + result("b.deb", "already_there") + DONE);

        var result = bring("--no-wait");

        assertEquals("2 packages: 1 received, 1 there already, 0 refused\n", result.out(), result.err());
        assertEquals(0, result.code());
        var sent = server.asked().getLast();
        assertEquals("application/x-tar", sent.type());
        Files.writeString(folder.resolve("sent.tar"), sent.body(), StandardCharsets.ISO_8859_1);
        var tar = new ProcessBuilder("tar", "xf", "sent.tar").directory(folder.toFile()).start();
        assertTrue(tar.waitFor(30, TimeUnit.SECONDS));
        assertEquals("", new String(tar.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
        assertEquals(-1, Files.mismatch(folder.resolve("a.deb"), folder.resolve("debs/a.deb")));
        assertEquals(-1, Files.mismatch(folder.resolve("b.deb"), folder.resolve("debs/more/b.deb")));
        assertFalse(Files.exists(folder.resolve("README")));
    }

    @Test
    void aRefusedPackageIsNamedAndTheExitCodeSaysSo() {
        server.answer(IMPORT, 200, result("a.deb", "refused") + result("b.deb", "received") + DONE);

        var result = bring("--no-wait");

        assertEquals("a.deb refused: is broken\n2 packages: 1 received, 0 there already, 1 refused\n", result.out());
        assertEquals(1, result.code());
    }

    @Test
    void anAnswerThatBreaksOffIsNoSuccess() {
        server.answer(IMPORT, 200, result("a.deb", "received") + "{\"code\":\"disk_full\",\"message\":\"no room\"}\n");

        var result = bring("--no-wait");

        assertEquals(1, result.code());
        assertEquals("""
                cambium: the import stopped after 1 packages: no room
                  next: run the same command again: what is stored already is skipped
                """, result.err());
    }

    @Test
    void sendsSomeHundredsAtATimeAndWaitsForTheLast() throws IOException {
        for (int i = 0; i < 1_000; i++) {
            Files.writeString(folder.resolve("debs/c" + i + ".deb"), "!<arch>\n" + i);
        }
        String self = "/api/v1/repos/acme/storefront/package/deb/debian/bookworm/b/all/1.json";
        server.answer(IMPORT, 200, IntStream.range(0, 1_000).mapToObj(i -> result(i + ".deb", "already_there"))
                .collect(Collectors.joining()) + DONE);
        server.answer(IMPORT, 200, "{\"file\":\"b.deb\",\"result\":\"received\",\"self_url\":\"" + self + "\"}\n"
                + DONE);
        server.answer("GET " + self, 200, "{\"indexed\":false,\"self_url\":\"" + self + "\"}");
        server.answer("GET " + self, 200, "{\"indexed\":true}");

        assertEquals("1001 packages: 1 received, 1000 there already, 0 refused; visible to package managers\n",
                bring().out());
        assertEquals(2, server.calls().stream().filter(call -> call.startsWith(IMPORT)).count());
        assertEquals(2, operator.waits.size());
    }

    @Test
    void sourcePackagesThatItPassesOverAreNamed() throws IOException {
        Files.writeString(folder.resolve("debs/more/c_1.dsc"), "Source: c");
        server.answer(IMPORT, 200, result("a.deb", "received") + result("b.deb", "received") + DONE);

        server.answer(IMPORT, 200, result("a.deb", "received") + result("b.deb", "received") + DONE);

        assertEquals("""
                debs/more/c_1.dsc left out: a source package goes with: cambium push
                2 packages: 2 received, 0 there already, 0 refused; 1 .dsc left out
                """, bring("--no-wait").out());
        assertFalse(server.asked().getLast().body().contains("c_1.dsc"));
        var forMachines = bring("--no-wait", "--json");
        assertEquals("[" + result("a.deb", "received").strip() + "," + result("b.deb", "received").strip() + ","
                + "{\"file\":\"debs/more/c_1.dsc\",\"result\":\"left_out\",\"reason\":\"a source package goes with: "
                + "cambium push\"}]\n", forMachines.out());
        assertEquals(0, forMachines.code());
        assertFalse(server.asked().getLast().body().contains("c_1.dsc"));
    }

    @Test
    void aFolderOfSourcePackagesOnlyIsToldWhatTakesThem() throws IOException {
        Files.createDirectories(folder.resolve("sources"));
        Files.writeString(folder.resolve("sources/c_1.dsc"), "Source: c");

        var result = operator.types("import", "sources", "--repo", "a/b", "--distro", "debian/bookworm");

        assertEquals(2, result.code());
        assertTrue(result.err().contains("next: a source package (.dsc) goes with: cambium push"), result.err());
        assertEquals(List.of(), server.calls());
    }

    @Test
    void refusesAFolderWithoutPackagesBeforeAskingAnything() {
        var result = operator.types("import", ".cambium-none", "--repo", "a/b", "--distro", "debian/bookworm");

        assertEquals(2, result.code());
        assertEquals(List.of(), server.calls());
    }
}
