package cambium.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PackageCommandTest {
    private static final String SHOP = "/api/repositories/acme/shop";
    private static final String ONE = SHOP + "/packages/debian/bookworm/hello_1%2Bb1_all.deb";
    private static final String FILE = "hello_1+b1_all.deb";

    private final RecordingServer server = new RecordingServer();
    private final Operator operator = Operator.at(server);

    @AfterEach
    void stop() {
        server.close();
    }

    private String types(String act, String... more) {
        var words = new ArrayList<>(List.of("package", act, "acme/shop", "debian/bookworm", FILE));
        words.addAll(List.of(more));
        var result = operator.types(words.toArray(String[]::new));
        return result.code() + " " + result.out() + result.err();
    }

    @Test
    void takesAwayWithAReasonAndGivesBack() {
        server.answer("POST " + ONE + "/yank", 200, "{\"state\":\"yanked\"}");
        server.answer("POST " + ONE + "/quarantine", 200, "{\"state\":\"quarantined\"}");
        server.answer("POST " + ONE + "/release", 200, "{\"state\":\"offered\"}");
        assertEquals("0 " + FILE + " is yanked\n", types("yank", "--why", "CVE-1"));
        assertEquals("0 " + FILE + " is in quarantine\n", types("quarantine", "--why", "a look"));
        assertEquals("0 " + FILE + " is offered\n", types("release"));
        assertEquals("0 {\"state\":\"offered\"}\n", types("release", "--json"));
        assertEquals(List.of("POST " + ONE + "/yank {\"why\":\"CVE-1\"}",
                "POST " + ONE + "/quarantine {\"why\":\"a look\"}"), server.calls().subList(0, 2));
    }

    @Test
    void copiesIntoAnotherRepository() {
        server.answer("POST " + ONE + "/copy", 201, "{\"filename\":\"" + FILE + "\"}");
        assertEquals("0 " + FILE + " is in acme/stable\n", types("copy", "--to", "acme/stable"));
        assertEquals(List.of("POST " + ONE + "/copy {\"destination\":\"acme/stable\"}"), server.calls());
    }

    @Test
    void indexesAgainOnePackageOrAll() {
        server.answer("POST " + ONE + "/reindex", 200, "{\"queued\":1}");
        server.answer("POST " + SHOP + "/reindex", 200, "{\"queued\":7}");
        assertEquals("0 packages to index again: 1\n", types("reindex"));
        assertEquals("packages to index again: 7\n", operator.types("package", "reindex", "acme/shop").out());
    }

    @Test
    void aRefusalEndsBadly() {
        server.answer("POST " + ONE + "/release", 404,
                "{\"code\":\"unknown_package\",\"message\":\"there is no package here\"}");
        var result = operator.types("package", "release", "acme/shop", "debian/bookworm", FILE);
        assertEquals(1, result.code(), result.err());
    }

    @Test
    void saysWhatIsMissing() {
        assertEquals(2, operator.types("package", "yank", "acme/shop", "debian/bookworm", FILE).code());
        assertEquals(2, operator.types("package", "copy", "acme/shop", "debian/bookworm", FILE).code());
        assertEquals(2, operator.types("package", "yank", "acme/shop", "--why", "x").code());
        assertEquals(2, operator.types("package", "release", "acme/shop").code());
        assertEquals(2, operator.types("package", "release", "acme/shop", "debian", FILE).code());
        assertEquals(2, operator.types("package", "reindex", "shop").code());
        assertEquals(2, operator.types("package", "melt", "acme/shop").code());
        assertEquals(List.of(), server.calls());
    }
}
