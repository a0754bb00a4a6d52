package cambium.acceptance.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.acceptance.RunningServer;
import com.microsoft.playwright.Page;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LostServerTest {
    @TempDir
    Path folder;

    @Test
    void saysSinceWhenTheServerIsGoneAndKeepsWhatItShowed() throws Exception {
        try (var cells = new TinyCells(folder.resolve("cells"));
                var server = RunningServer.start(folder.resolve("data"), "--drivers", cells.drivers().toString());
                var browser = new Browser(server)) {
            Page page = browser.open("/");
            page.waitForSelector("#pulse[data-state=live]");
            assertTrue(page.innerText("h1").contains("No fleet yet"));
            server.putYaml("/api/fleet", cells.fleet());
            page.waitForSelector("svg.rings");
            assertEquals(0, server.stop());
            page.waitForSelector("#pulse[data-state=lost]");
            assertTrue(page.innerText("#pulse").matches("(?s)reconnecting since \\d\\d:\\d\\d:\\d\\d"));
            assertEquals(10, page.locator("svg.rings a.dot").count());
            assertEquals(List.of(), browser.complaints);
        }
    }
}
