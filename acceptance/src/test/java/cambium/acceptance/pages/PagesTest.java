package cambium.acceptance.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.acceptance.Await;
import cambium.acceptance.CommandRun;
import cambium.acceptance.Hosted;
import cambium.acceptance.RunningServer;
import cambium.acceptance.apt.DebBuilder;
import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The pages in a real browser, over a fleet that really deploys.
class PagesTest {
    private static final List<String> PATHS = List.of(
            "/", "/audit", "/brakes", "/versions", "/versions/1.0.0", "/cells", "/cells/main",
            "/attempts/r1.main.deploy.1", "/repositories", "/acme/storefront",
            "/acme/storefront/packages/debian/bookworm/storefront_1.0.0_all.deb",
            "/fleet/act/brake?scope=ring+2", "/fleet/act/rollback?cell=main", "/sign-in", "/nothing/at/all");

    @TempDir
    static Path folder;

    private static TinyCells cells;
    private static RunningServer server;
    private static Hosted repository;
    private static Browser browser;

    @BeforeAll
    static void rollOutTheFirstVersion() throws Exception {
        cells = new TinyCells(folder.resolve("cells"));
        server = RunningServer.start(folder.resolve("data"), "--drivers", cells.drivers().toString());
        repository = Hosted.create(server, "acme/storefront");
        push("1.0.0");
        server.putYaml("/api/fleet", cells.fleet());
        server.post("/api/fleet/rollouts", "{\"version\":\"1.0.0\"}");
        Await.until("every cell runs 1.0.0", () -> everyCellRuns("1.0.0"));
        Await.until("1.0.0 is complete", () -> "complete".equals(version("1.0.0").path("state").asText()));
        browser = new Browser(server);
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.close();
        }
        if (server != null) {
            server.close();
        }
        cells.close();
    }

    @AfterEach
    void nothingBrokeThePolicy() {
        assertEquals(List.of(), browser.complaints);
    }

    private static void push(String version) throws Exception {
        repository.pushed(DebBuilder.of("storefront", version).build(folder));
        repository.awaitIndexed();
    }

    private static boolean everyCellRuns(String version) throws IOException {
        for (JsonNode cell : server.get("/api/fleet").get("cells")) {
            if (!version.equals(cell.path("version").asText())) {
                return false;
            }
        }
        return true;
    }

    private static JsonNode version(String name) throws IOException {
        return server.get("/api/fleet/versions/" + name);
    }

    @Test
    void drawsEveryCellOnItsRingWithItsVersionAndState() throws Exception {
        String version = server.get("/api/fleet/cells/main").get("version").asText();
        Page page = browser.open("/");

        assertEquals(10, page.locator("svg.rings a.dot").count());
        assertEquals(4, page.locator("svg.rings circle.band").count());
        assertEquals(1, page.locator("svg.rings circle.perimeter").count());
        assertEquals("main, ring 1, version " + version + ", healthy", page.getAttribute("#dot-main", "aria-label"));
        assertEquals("4 of 4 cells", page.innerText("#ring-3 .progress-text"));
        assertTrue(page.innerText(".legend").contains(version));
        double middle = radius(page, "cell-7");
        assertTrue(radius(page, "canary") < radius(page, "main") && radius(page, "cell-1") < middle);
        page.click("#dot-main");
        page.waitForURL("**/cells/main");
        assertTrue(page.innerText("h1").contains("main"));
        Browser.close(page);
    }

    private static double radius(Page page, String cell) {
        return ((Number) page.evaluate("""
                name => {
                  const dot = document.querySelector('#dot-' + name + ' .halo');
                  const middle = document.querySelector('svg.rings .pith');
                  const at = (node, axis) => Number(node.getAttribute('c' + axis));
                  return Math.hypot(at(dot, 'x') - at(middle, 'x'), at(dot, 'y') - at(middle, 'y'));
                }""", cell)).doubleValue();
    }

    @Test
    void showsARolloutAsItHappensWithoutReloadAndSaysIt() throws Exception {
        Page page = browser.open("/");
        page.waitForSelector("#pulse[data-state=live]");
        page.evaluate("() => { window.same = true; }");
        page.focus("#cell-main");
        push("1.1.0");
        server.post("/api/fleet/rollouts", "{\"version\":\"1.1.0\"}");

        page.waitForFunction(
                "() => document.querySelector('#cell-cell-7').ariaLabel.includes('version 1.1.0, healthy')");
        assertEquals(true, page.evaluate("() => window.same"), "the page was loaded anew");
        assertEquals("cell-main", page.evaluate("() => document.activeElement.id"), "the focus was lost");
        assertTrue(page.textContent("#announce").contains("version 1.1.0"), page.textContent("#announce"));
        page.navigate(browser.at("/versions/1.1.0"));
        assertTrue(page.textContent("[aria-labelledby=history-title]").contains("1.1.0 graduated"));
        page.navigate(browser.at("/attempts/r2.main.deploy.1"));
        assertTrue(page.innerText(".log").contains("deploy of 1.1.0 on main"));
        Browser.close(page);
    }

    @Test
    void brakesAndReleasesByKeyboardAlone() throws Exception {
        Page page = browser.open("/");
        page.waitForSelector("#pulse[data-state=live]");
        Keyboard.to(page, "a[href='/fleet/act/brake?scope=ring+3']");
        page.keyboard().press("Enter");
        page.waitForSelector("dialog[open] #why:focus");
        assertEquals("ring 3", page.inputValue("dialog #choice"));
        page.keyboard().type("quarter-end closing");
        Keyboard.to(page, "dialog button[type=submit]");
        page.keyboard().press("Enter");
        page.waitForSelector(".brake >> text=quarter-end closing");

        JsonNode brake = server.get("/api/fleet").get("brakes").get(0);
        assertEquals("ring 3", brake.get("scope").asText());
        assertEquals("quarter-end closing", brake.get("why").asText());
        assertFalse((Boolean) page.evaluate("() => document.querySelector('dialog').open"));

        Keyboard.to(page, ".brake a.button");
        page.keyboard().press("Enter");
        page.waitForSelector("dialog[open] #why:focus");
        page.keyboard().press("Escape");
        page.waitForFunction("() => document.activeElement.matches('.brake a.button')");
        page.keyboard().press("Enter");
        page.waitForSelector("dialog[open] #why:focus");
        page.keyboard().type("closed");
        page.keyboard().press("Tab");
        page.keyboard().press("Enter");
        page.waitForFunction("() => !document.querySelector('.brake')");
        assertEquals(0, server.get("/api/fleet").get("brakes").size());
        Browser.close(page);
    }

    @Test
    void theBoardPullsAndReleasesByKeyboardOnAPhoneAndTheWiderBrakeStays() throws Exception {
        server.post("/api/fleet/brakes", "{\"scope\":\"ring 3\",\"why\":\"slow orders\"}");
        Page page = browser.open(Browser.phone(), "/brakes");
        page.waitForSelector("#pulse[data-state=live]");
        Keyboard.to(page, "a[href='/fleet/act/brake?scope=fleet&from=brakes']");
        page.keyboard().press("Enter");
        page.waitForSelector("dialog[open] #why:focus");
        page.keyboard().type("everything must stop");
        Keyboard.to(page, "dialog #tick");
        page.keyboard().press("Space");
        assertEquals(360, ((Number) page.evaluate("() => document.documentElement.scrollWidth")).intValue());
        Keyboard.to(page, "dialog button[type=submit]");
        page.keyboard().press("Enter");
        page.waitForSelector("#fleet-title");

        JsonNode brakes = server.get("/api/fleet").get("brakes");
        assertEquals("fleet true", brakes.get(0).get("scope").asText() + " " + brakes.get(0).get("cancel").asText());
        assertEquals("ring 3 false", brakes.get(1).get("scope").asText() + " " + brakes.get(1).get("cancel").asText());
        Keyboard.to(page, "a.button[href*='release-brake?scope=ring']");
        page.keyboard().press("Enter");
        page.waitForSelector("dialog[open] #why:focus");
        assertTrue(page.innerText("dialog .explain").contains("the brake on fleet"), page.innerText("dialog"));
        page.keyboard().type("orders are fine");
        page.keyboard().press("Tab");
        page.keyboard().press("Enter");
        page.waitForFunction("() => document.querySelectorAll('.brake').length === 1");
        assertTrue(page.innerText(".brake").contains("everything must stop"));
        server.send("DELETE", "/api/fleet/brakes?scope=fleet&why=done", "application/json", "");
        page.waitForFunction("() => !document.querySelector('.brake')");
        Browser.close(page);
    }

    @Test
    void firstTabSkipsToTheContent() {
        Page page = browser.open("/");
        page.keyboard().press("Tab");
        assertEquals("skip", page.evaluate("() => document.activeElement.className"));
        page.keyboard().press("Enter");
        assertEquals("content", page.evaluate("() => document.activeElement.id"));
        Browser.close(page);
    }

    @Test
    void isAccessibleInLightAndDark() {
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            Page page = browser.open(scheme, "/");
            for (String path : PATHS) {
                page.navigate(browser.at(path));
                assertEquals(List.of(), Accessibility.graveFaults(page), scheme + " " + path);
            }
            plantFaults(page);
            assertEquals(List.of("button-name", "color-contrast"), Accessibility.graveFaults(page).stream()
                    .map(fault -> fault.substring(0, fault.indexOf(':'))).sorted().toList(), "found in " + scheme);
            Browser.close(page);
        }
    }

    /// A button without a name and a text that is hardly seen.
    private static void plantFaults(Page page) {
        page.evaluate("""
                () => {
                  const faint = document.createElement('p');
                  faint.textContent = 'faint';
                  faint.style.color = '#888';
                  faint.style.background = '#999';
                  document.querySelector('main').append(document.createElement('button'), faint);
                }""");
    }

    @Test
    void fitsAPhoneWithoutScrollingSideways() {
        Page page = browser.open(Browser.phone(), "/");
        for (String path : PATHS) {
            page.navigate(browser.at(path));
            assertEquals(360, ((Number) page.evaluate("() => document.documentElement.scrollWidth")).intValue(), path);
        }
        Browser.close(page);
    }

    @Test
    void whatIsFoldedOpensByKeyboardAndStaysAsItWasLeftWhenThePageIsMadeAnew() throws Exception {
        Page page = browser.open(Browser.phone(), "/versions/1.0.0");
        page.waitForSelector("#pulse[data-state=live]");
        assertTrue(page.isHidden("#packages .digest"));
        Keyboard.to(page, "#packages > summary");
        page.keyboard().press("Enter");
        page.waitForSelector("#packages .digest >> nth=0");
        page.evaluate("() => { document.getElementById('live').dataset.old = 'yes'; }");
        server.post("/api/fleet/brakes", "{\"scope\":\"version 1.0.0\",\"why\":\"reading\"}");
        page.waitForSelector("#live:not([data-old]) .brake >> text=reading");
        assertTrue(page.isVisible("#packages .digest >> nth=0"), "closed under whoever reads it");
        assertEquals("SUMMARY", page.evaluate("() => document.activeElement.tagName"), "the focus was lost");
        page.keyboard().press("Enter");
        page.evaluate("() => { document.getElementById('live').dataset.old = 'yes'; }");
        server.send("DELETE", "/api/fleet/brakes?scope=version%201.0.0&why=read", "application/json", "");
        page.waitForFunction("() => !document.querySelector('#live[data-old]') && !document.querySelector('.brake')");
        assertTrue(page.isHidden("#packages .digest >> nth=0"));
        Browser.close(page);

        Page plain = browser.open(Browser.phone().setJavaScriptEnabled(false), "/versions/1.0.0");
        plain.click("a[href='?still']");
        assertEquals(0, plain.locator("head meta[http-equiv=refresh]").count(), "it would close what is opened");
        plain.click("#packages > summary");
        assertTrue(plain.isVisible("#packages .digest >> nth=0"));
        Browser.close(plain);
    }

    @Test
    void worksWithoutScript() throws Exception {
        Page page = browser.open(Browser.window().setJavaScriptEnabled(false), "/");
        assertEquals(10, page.locator("svg.rings a.dot").count());
        assertEquals(1, page.locator("head meta[http-equiv=refresh]").count());
        page.click("a[href='/fleet/act/brake?scope=ring+2']");
        page.fill("#why", "   ");
        page.click("#form button[type=submit]");
        assertTrue(page.innerText("#refusal").contains("reason"), page.innerText("#refusal"));
        page.fill("#why", "looking at it");
        page.click("#form button[type=submit]");
        page.waitForURL("**/#ring-2");
        assertTrue(page.innerText(".in-force").contains("looking at it"));
        page.click(".brake a.button");
        page.fill("#why", "all is well");
        page.click("#form button[type=submit]");
        page.waitForURL("**/#ring-2");
        assertEquals(0, page.locator(".brake").count());
        Browser.close(page);
    }

    @Test
    void whateverIsWrittenIntoPackagesAndReasonsStaysText() throws Exception {
        String image = "<img src=x onerror=window.hurt=1>";
        String script = "\"'></title></textarea><script>window.hurt=1</script>";
        repository.pushed(hostile(image, script));
        repository.awaitIndexed();
        server.post("/api/fleet/brakes", "{\"scope\":\"cell cell-7\",\"why\":\"" + image + "\"}");
        Page page = browser.open("/");
        for (String path : List.of("/", "/cells/cell-7", "/versions", "/repositories", "/acme/storefront",
                "/acme/storefront/packages/debian/bookworm/hostile_1_all.deb", "/acme/storefront?q=%3Cscript%3E",
                "/versions/%3Cscript%3Ewindow.hurt=1%3C%2Fscript%3E", "/sign-in?next=%22%3E%3Cscript%3E")) {
            page.navigate(browser.at(path));
            assertEquals("undefined", page.evaluate("() => typeof window.hurt"), path);
            assertEquals(0, page.locator("img, main script, body > script").count(), path);
        }
        page.navigate(browser.at("/acme/storefront/packages/debian/bookworm/hostile_1_all.deb"));
        assertTrue(page.innerText("main").contains(image) && page.innerText("main").contains("<script>window.hurt=1"));
        page.navigate(browser.at("/"));
        assertTrue(page.innerText(".in-force").contains(image));
        server.send("DELETE", "/api/fleet/brakes?scope=cell%20cell-7&why=done", "application/json", "");
        Browser.close(page);
    }

    private static Path hostile(String image, String script) throws IOException {
        Path tree = Files.createDirectories(folder.resolve("hostile"));
        Files.createDirectories(tree.resolve("DEBIAN"));
        Files.writeString(tree.resolve("DEBIAN/control"), "Package: hostile\nVersion: 1\nArchitecture: all\n"
                + "Maintainer: " + image + "\nHomepage: javascript:window.hurt=1\nDescription: " + script + "\n "
                + image + "\n");
        Path deb = folder.resolve("hostile.deb");
        CommandRun.of("dpkg-deb", "--root-owner-group", "--build", tree.toString(), deb.toString()).successful();
        return deb;
    }

    @Test
    void keepsTheChosenColourScheme() {
        Page page = browser.open(ColorScheme.LIGHT, "/");
        Object light = page.evaluate("() => getComputedStyle(document.body).backgroundColor");
        page.click("#theme");
        page.click("#theme");
        assertEquals("dark", page.getAttribute("html", "data-theme"));
        page.navigate(browser.at("/versions"));
        assertEquals("dark", page.getAttribute("html", "data-theme"));
        Object dark = page.evaluate("() => getComputedStyle(document.body).backgroundColor");
        assertFalse(light.equals(dark), "both schemes are " + dark);
        Browser.close(page);
    }
}
