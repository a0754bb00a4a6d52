package cambium.acceptance.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.acceptance.Await;
import cambium.acceptance.Hosted;
import cambium.acceptance.RunningServer;
import cambium.acceptance.apt.DebBuilder;
import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Page;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.net.URI;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What people decide on a telephone at night, by keyboard: approvals, vetoes and their release, and who is told. The
/// fleet really deploys; ring 1 asks for approval.
class ApprovalPagesTest {
    @TempDir
    static Path folder;

    private static final Queue<String> POSTED = new ConcurrentLinkedQueue<>();
    private static TinyCells cells;
    private static HttpServer receiver;
    private static RunningServer server;
    private static Hosted repository;
    private static Browser browser;

    @BeforeAll
    static void start() throws Exception {
        cells = new TinyCells(folder.resolve("cells"));
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", exchange -> {
            POSTED.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        receiver.start();
        server = RunningServer.start(folder.resolve("data"), "--drivers", cells.drivers().toString(),
                "--webhook-hosts", "127.0.0.1");
        repository = Hosted.create(server, "acme/storefront");
        server.putYaml("/api/fleet", cells.fleet().replace("  - ring: 1\n",
                "  - ring: 1\n    policy: {approval: required}\n"));
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
        receiver.stop(0);
        cells.close();
    }

    @AfterEach
    void nothingBrokeThePolicy() {
        assertEquals(List.of(), browser.complaints);
    }

    private static void waitsForApproval(String version) throws Exception {
        repository.pushed(DebBuilder.of("storefront", version).build(folder));
        repository.awaitIndexed();
        server.post("/api/fleet/rollouts", "{\"version\":\"" + version + "\"}");
        Await.until(version + " is due in ring 1", () -> approvals().findParents("version").stream().anyMatch(one ->
                one.path("version").asText().equals(version) && one.path("due").asBoolean()));
    }

    private static JsonNode approvals() throws Exception {
        return server.get("/api/fleet/approvals").path("approvals");
    }

    private static JsonNode cell(String name) throws Exception {
        return server.get("/api/fleet/cells/" + name).path("version");
    }

    private static void fitsAndIsAccessible(Page page) {
        assertEquals(360, ((Number) page.evaluate("() => document.documentElement.scrollWidth")).intValue());
        assertEquals(List.of(), Accessibility.graveFaults(page));
    }

    /// Opens the form behind a button, fills it in and sends it, all by keyboard.
    private static void say(Page page, String button, String choice, String why) {
        Keyboard.to(page, button);
        page.keyboard().press("Enter");
        page.waitForSelector("dialog[open] #why:focus");
        fitsAndIsAccessible(page);
        page.keyboard().type(why);
        if (!choice.isEmpty()) {
            Keyboard.to(page, "dialog #choice");
            page.keyboard().type(choice);
            assertEquals(choice, page.inputValue("dialog #choice"));
        }
        Keyboard.to(page, "dialog button[type=submit]");
        page.keyboard().press("Enter");
        page.waitForFunction("() => !document.querySelector('dialog').open");
    }

    @Test
    void aVersionIsApprovedRefusedWithdrawnVetoedAndReleasedByKeyboardOnAPhone() throws Exception {
        waitsForApproval("1.0.0");
        Page page = browser.open(Browser.phone(), "/versions/1.0.0");
        page.waitForSelector("#pulse[data-state=live]");
        String said = page.innerText("main").replaceAll("\\s+", " ");
        assertTrue(said.contains("into ring 1: waiting approved by 0 of 1 person; the ring would open now"), said);
        String approve = "a.button[href*='/fleet/act/approve']";
        say(page, approve, "refuse", "orders first");
        page.waitForSelector("text=refused by");
        assertEquals("refused", approvals().get(0).path("state").asText());
        say(page, approve, "withdraw", "orders are done");
        page.waitForSelector("text=withdrawn by");
        assertTrue(cell("main").isNull(), "a refusal let nothing in, and neither did its withdrawal");
        say(page, approve, "approve", "looked at it");
        page.waitForSelector("text=approved by admin");
        Await.until("ring 1 has it", () -> cell("main").asText().equals("1.0.0"));
        page.waitForSelector("text=the ring has opened");

        waitsForApproval("1.1.0");
        page.navigate(browser.at("/versions/1.1.0"));
        page.waitForSelector("#pulse[data-state=live]");
        say(page, "a.button[href*='/fleet/act/veto']", "", "it leaks");
        page.waitForSelector("a.button[href*='/fleet/act/release']");
        assertEquals("blocked", server.get("/api/fleet/versions/1.1.0").path("state").asText());
        assertEquals(0, page.locator(approve).count(), "a vetoed version asks for nothing");
        fitsAndIsAccessible(page);
        say(page, "a.button[href*='/fleet/act/release']", "", "it was the cache");
        page.waitForSelector("a.button[href*='/fleet/act/veto']");
        assertFalse(server.get("/api/fleet/versions/1.1.0").path("state").asText().equals("blocked"));
        assertEquals("1.0.0", cell("main").asText(), "nobody let 1.1.0 into ring 1");
        Browser.close(page);
    }

    @Test
    void whatWasTypedIsStillThereWhenTheSessionHasEndedMeanwhile() throws Exception {
        Page page = browser.open(Browser.phone(), "/webhooks/new");
        page.fill("#field-url", "https://hooks.example/ours?key=1");
        page.fill("#field-kinds", "PageRaised");
        var cookies = page.context().cookies();
        page.context().clearCookies();
        page.click("#form button[type=submit]");
        page.waitForSelector("#refusal >> text=not signed in any more");
        assertEquals("/webhooks", URI.create(page.url()).getPath());
        assertEquals(null, URI.create(page.url()).getQuery(), "what was typed stands in no address");
        assertEquals("https://hooks.example/ours?key=1 PageRaised",
                page.inputValue("#field-url") + " " + page.inputValue("#field-kinds"));
        assertEquals("/sign-in", page.getAttribute("#refusal a", "href"));
        fitsAndIsAccessible(page);
        assertEquals(0, server.get("/api/fleet/webhooks").path("webhooks").size(), "nothing was made");

        page.navigate(browser.at("/sign-in"));
        signInAgain(page, cookies);
        page.navigate(browser.at("/"));
        page.waitForSelector("#pulse[data-state=live]");
        page.click("a[href='/fleet/act/brake?scope=ring+1']");
        page.waitForSelector("dialog[open] #why:focus");
        page.keyboard().type("orders fail in the north");
        page.selectOption("dialog #choice", "fleet");
        page.selectOption("dialog #until", "4 hours");
        page.check("dialog #tick");
        page.context().clearCookies();
        page.click("dialog button[type=submit]");
        page.waitForSelector("dialog[open] #refusal >> text=not signed in any more");
        assertEquals("fleet orders fail in the north 4 hours true", page.inputValue("dialog #choice") + " "
                + page.inputValue("dialog #why") + " " + page.inputValue("dialog #until") + " "
                + page.isChecked("dialog #tick"));
        fitsAndIsAccessible(page);
        assertEquals(0, server.get("/api/fleet").path("brakes").size(), "nothing was braked");
        signInAgain(page, cookies);
        page.click("dialog button[type=submit]");
        page.waitForFunction("() => !document.querySelector('dialog').open");
        JsonNode brake = server.get("/api/fleet").path("brakes").path(0);
        assertEquals("fleet true", brake.path("scope").asText() + " " + brake.path("cancel").asText());
        server.send("DELETE", "/api/fleet/brakes?scope=fleet&why=done", "application/json", "");
        Browser.close(page);
    }

    private static void signInAgain(Page page, List<com.microsoft.playwright.options.Cookie> cookies) {
        page.context().addCookies(cookies.stream().map(cookie -> new com.microsoft.playwright.options.Cookie(
                cookie.name, cookie.value).setUrl(browser.at("/"))).toList());
    }

    @Test
    void aWebhookIsMadeTestedAndEndedByKeyboardOnAPhone() throws Exception {
        Page page = browser.open(Browser.phone(), "/webhooks");
        Keyboard.to(page, "a.button[href='/webhooks/new']");
        page.keyboard().press("Enter");
        page.waitForURL("**/webhooks/new");
        Keyboard.to(page, "#field-url");
        page.keyboard().type("http://10.0.0.1/");
        page.keyboard().press("Enter");
        page.waitForSelector("#refusal");
        fitsAndIsAccessible(page);
        page.fill("#field-url", "http://127.0.0.1:" + receiver.getAddress().getPort() + "/hook");
        page.fill("#field-kinds", "VersionVetoed");
        Keyboard.to(page, "#form button[type=submit]");
        page.keyboard().press("Enter");
        page.waitForSelector("#refusal >> text=is no kind of event");
        page.fill("#field-kinds", "BrakeDrilled");
        Keyboard.to(page, "#form button[type=submit]");
        page.keyboard().press("Enter");
        String secret = page.innerText("#fresh");
        assertTrue(secret.matches("[0-9a-f]{48}"), "a new secret is shown");
        fitsAndIsAccessible(page);

        Keyboard.to(page, "form[action$='/test'] button");
        page.keyboard().press("Enter");
        page.waitForSelector("#told >> text=took the test: answered 204");
        assertFalse(page.content().contains(secret), "and not again");
        assertEquals(1, POSTED.size());
        assertTrue(POSTED.peek().contains("\"WebhookTest\""), POSTED.peek());

        Keyboard.to(page, "a.button[href$='/end']");
        page.keyboard().press("Enter");
        page.waitForSelector("dialog[open] #form");
        fitsAndIsAccessible(page);
        Keyboard.to(page, "dialog button[type=submit]");
        page.keyboard().press("Enter");
        page.waitForSelector("text=Nobody is told.");
        assertEquals(0, server.get("/api/fleet/webhooks").path("webhooks").size());
        assertTrue(server.get("/api/fleet/events?limit=500").toString().contains("\"WebhookEnded\""), "logged");
        Browser.close(page);
    }
}
