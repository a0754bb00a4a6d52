package cambium.acceptance.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.acceptance.Await;
import cambium.acceptance.Hosted;
import cambium.acceptance.RunningServer;
import cambium.acceptance.apt.DebBuilder;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The pages of repositories in a real browser, over a server that really indexes.
class RepositoryPagesTest {
    private static final String PACKAGE = "/acme/shop/packages/debian/bookworm/web_1.0_all.deb";
    private static final List<String> PATHS = List.of(
            "/repositories", "/repositories/new", "/search?q=web", "/acme/shop", "/acme/shop?q=nothing-is-like-that",
            "/acme/shop/install", "/acme/shop/upload", "/acme/shop/tokens", "/acme/shop/tokens/new", "/acme/shop/keys",
            "/acme/shop/keys/rotate", "/acme/shop/statistics", "/acme/shop/settings", PACKAGE, PACKAGE + "/yank",
            PACKAGE + "/promote", PACKAGE + "/quarantine", "/acme/shop/withdrawn", "/acme/shop/retention",
            "/acme/shop/keys/package/new");

    @TempDir
    static Path folder;

    private static RunningServer server;
    private static Hosted shop;
    private static Browser browser;

    @BeforeAll
    static void start() throws Exception {
        server = RunningServer.start(folder.resolve("data"));
        shop = Hosted.create(server, "acme/shop");
        for (String version : List.of("1.0", "1.1")) {
            shop.pushed(DebBuilder.of("web", version).build(folder));
        }
        for (String act : List.of("quarantine", "yank")) {
            shop.pushed(DebBuilder.of("recalled-by-" + act, "1").build(folder));
            server.post("/api/repositories/acme/shop/packages/debian/bookworm/recalled-by-" + act + "_1_all.deb/" + act,
                    "{\"why\":\"breaks the login of customers\"}");
        }
        server.send("PUT", "/api/repositories/acme/shop/retention", "application/json", "{\"keep_versions\":9}");
        shop.awaitIndexed();
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
    }

    @AfterEach
    void nothingBrokeThePolicy() {
        assertEquals(List.of(), browser.complaints);
    }

    @Test
    void makesARepositoryByKeyboardAlone() throws IOException {
        Page page = browser.open("/repositories");
        Keyboard.to(page, "a[href='/repositories/new']");
        page.keyboard().press("Enter");
        page.waitForURL("**/repositories/new");
        Keyboard.to(page, "input[type=text]");
        page.keyboard().type("acme/by-hand");
        Keyboard.to(page, "input[type=checkbox]");
        page.keyboard().press("Space");
        Keyboard.to(page, "#form button[type=submit]");
        page.keyboard().press("Enter");
        page.waitForURL("**/acme/by-hand");

        assertTrue(page.innerText("#head-line").contains("private"));
        assertTrue(server.get("/api/v1/repos/acme/by-hand").get("private").asBoolean());
        Browser.close(page);
    }

    @Test
    void uploadsDroppedFilesEachWithItsOwnEnd() throws Exception {
        Path first = DebBuilder.of("dropped", "1.0").build(folder);
        Path other = DebBuilder.of("web", "1.0").withFile("usr/share/other", "other bytes\n").build(folder);
        Path broken = Files.writeString(folder.resolve("broken.deb"), "!<arch>\nnot a package");
        Page page = browser.open("/acme/shop/upload");
        page.waitForSelector("#pulse[data-state=live]");
        page.setInputFiles("#files", new Path[] {first, other, broken});

        page.waitForSelector("#uploads li:nth-child(1) >> text=stored and indexed");
        page.waitForSelector("#uploads li:nth-child(2)[data-tone=bad]");
        page.waitForSelector("#uploads li:nth-child(3)[data-tone=bad]");
        assertTrue(page.innerText("#uploads li:nth-child(2)").contains("has already been taken"));
        assertEquals(true, page.evaluate("() => document.querySelector('#uploads progress').value === 100"));
        page.waitForSelector("#announce >> text=1 of 3 files stored, 2 refused");
        assertTrue(shop.fileNames().contains("dropped_1.0_all.deb"));
        drop(page, "dropped-here.txt");
        page.waitForSelector("#uploads li:nth-child(4)[data-tone=good]");
        assertTrue(shop.fileNames().contains("dropped-here.txt"));
        Browser.close(page);
    }

    private static void drop(Page page, String name) {
        page.evaluate("""
                name => {
                  const carried = new DataTransfer();
                  carried.items.add(new File(['any bytes at all'], name));
                  for (const kind of ['dragenter', 'dragover', 'drop']) {
                    document.querySelector('#drop').dispatchEvent(
                      new DragEvent(kind, { dataTransfer: carried, bubbles: true, cancelable: true }));
                  }
                }""", name);
    }

    @Test
    void showsWhatIsPushedAsItComesAndIsIndexed() throws Exception {
        Page page = browser.open("/acme/shop");
        page.waitForSelector("#pulse[data-state=live]");
        page.evaluate("() => { window.same = true; }");
        page.fill("#q", "lively");
        page.waitForSelector("#list >> text=No package is like that.");
        shop.pushed(DebBuilder.of("lively", "1").build(folder));

        page.waitForSelector("#list tr:has-text('lively') >> text=indexed");
        page.waitForSelector("#head-line >> text=up to date");
        assertEquals(true, page.evaluate("() => window.same"), "the page was loaded anew");
        assertEquals("lively", page.inputValue("#q"));
        assertTrue(page.url().endsWith("/acme/shop?q=lively"), page.url());
        Browser.close(page);
    }

    @Test
    void tokensAreMadeShownAndRevoked() throws Exception {
        Hosted.create(server, "acme/closed");
        Page page = browser.open("/acme/closed/tokens");
        page.click(".card >> text=New read token");
        page.fill("dialog[open] input[type=text]", "host-1");
        page.click("dialog button[type=submit]");
        page.waitForSelector(".secrets li:has-text('host-1')");
        assertFalse(page.isVisible(".secrets li code"));
        page.click(".secrets li summary");
        String token = page.innerText(".secrets li code");
        assertEquals(token, server.get("/api/v1/repos/acme/closed/master_tokens").get(0).get("read_tokens").get(0)
                .get("value").asText());

        page.click(".secrets li >> text=Revoke");
        page.click("dialog[open] button[type=submit]");
        page.waitForFunction("() => !document.querySelector('.secrets')");
        assertEquals(0, server.get("/api/v1/repos/acme/closed/master_tokens").get(0).get("read_tokens").size());
        page.click("text=New master token");
        page.fill("dialog[open] input[type=text]", "customer");
        page.dblclick("dialog button[type=submit]");
        page.waitForSelector(".card:has-text('customer')");
        assertEquals(2, server.get("/api/v1/repos/acme/closed/master_tokens").size());
        Browser.close(page);
    }

    @Test
    void aPackageIsPutInQuarantineForAReasonAndReleasedAgain() throws Exception {
        shop.pushed(DebBuilder.of("suspect", "1").build(folder));
        Page page = browser.open("/acme/shop/packages/debian/bookworm/suspect_1_all.deb");
        page.click("text=Quarantine");
        page.fill("dialog[open] textarea", HostilePackages.SCRIPT);
        page.click("dialog[open] button[type=submit]");
        page.waitForURL("**/acme/shop/withdrawn");
        String row = "tr:has-text('suspect_1_all.deb')";
        assertTrue(page.innerText(row).contains(HostilePackages.SCRIPT), page.innerText(row));
        assertTrue(page.innerText(row).contains("quarantined"), page.innerText(row));
        assertEquals("undefined", page.evaluate("() => typeof window.hurt"));
        assertFalse(shop.fileNames().contains("suspect_1_all.deb"));

        page.click(row + " >> text=Release");
        page.click("dialog[open] button[type=submit]");
        page.waitForFunction("() => !document.body.innerText.includes('suspect_1_all.deb')");
        assertTrue(shop.fileNames().contains("suspect_1_all.deb"));
        Browser.close(page);
    }

    @Test
    void settingsKeepAsManyVersionsAsTheyAreToldTo() throws Exception {
        Page page = browser.open("/acme/shop/settings");
        page.click("section:has(#retention-title) >> text=Change");
        page.fill("dialog[open] #field-keep-versions", "none");
        page.click("dialog[open] button[type=submit]");
        page.waitForSelector("dialog[open] #refusal >> text=must be a number from 1");
        page.fill("dialog[open] #field-keep-versions", "12");
        page.fill("dialog[open] #field-keep-days", "7");
        page.click("dialog[open] button[type=submit]");
        page.waitForSelector("section:has(#retention-title) >> text=the newest 12 versions stay");
        assertEquals(12, server.get("/api/repositories/acme/shop/retention").get("keep_versions").asInt());
        page.click("section:has(#retention-title) >> text=Keep everything");
        page.click("dialog[open] button[type=submit]");
        page.waitForSelector("text=Everything is kept.");
        assertTrue(server.get("/api/repositories/acme/shop/retention").isEmpty());
        Browser.close(page);
    }

    @Test
    void keysOfPackagesArePastedOrSentAsAFileAndRemoved() throws Exception {
        Page page = browser.open("/acme/shop/keys");
        page.click("text=Add a key");
        page.fill("dialog[open] textarea", "no key at all");
        page.click("dialog[open] button[type=submit]");
        page.waitForSelector("dialog[open] #refusal");
        page.click("dialog[open] [data-close]");
        Hosted.create(server, "acme/lender");
        String key = server.send("GET", "/acme/lender/gpgkey", "text/plain", "").body();
        Path file = Files.writeString(folder.resolve("lender.asc"), key);
        String card = "section:has(#package-keys-title) .card";
        for (Runnable give : List.<Runnable>of(() -> page.fill("dialog[open] textarea", key),
                () -> page.setInputFiles("dialog[open] input[type=file]", file))) {
            page.click("text=Add a key");
            give.run();
            page.click("dialog[open] button[type=submit]");
            String kept = URI.create(page.getAttribute(card + " h3 a", "href")).getPath();
            assertEquals(key.strip(), server.send("GET", kept, "text/plain", "").body().strip());
            page.click(card + " >> text=Remove");
            page.click("dialog[open] button[type=submit]");
            page.waitForSelector("text=None yet");
        }
        Browser.close(page);
    }

    @Test
    void aPackageShowsItsDownloadsOverTimeAsAChart() throws Exception {
        for (int i = 0; i < 3; i++) {
            assertEquals(302, server.send("GET", PACKAGE + "/download", "text/plain", "").statusCode());
        }
        Await.until("three downloads are counted", () -> server.get("/api/v1/repos/acme/shop/package/deb/debian/"
                + "bookworm/web/all/1.0/stats/downloads/count").get("value").asInt() == 3);
        Page page = browser.open(PACKAGE);
        page.waitForSelector("section:has(#downloads-title) figure.chart svg[role=img]");
        assertEquals(1, page.locator(".chart-bar:not([height='0.0'])").count(), "one day has downloads");
        assertTrue(page.textContent(".chart-table").contains("3"));
        page.navigate(browser.at(PACKAGE.replace("1.0", "1.1")));
        assertTrue(page.innerText("section:has(#downloads-title)").contains("None yet in this time."));
        Browser.close(page);
    }

    @Test
    void keepsWhatWasTypedThroughSigningInAgain() throws IOException {
        Page page = browser.open("/repositories/new");
        page.fill("input[type=text]", "acme/kept");
        var cookies = page.context().cookies();
        page.context().clearCookies();
        page.click("#form button[type=submit]");
        page.waitForSelector("#refusal >> text=not signed in any more");
        assertEquals("acme/kept", page.inputValue("input[type=text]"));

        page.context().addCookies(cookies.stream().map(cookie -> new com.microsoft.playwright.options.Cookie(
                cookie.name, cookie.value).setUrl(browser.at("/"))).toList());
        page.click("#form button[type=submit]");
        page.waitForURL("**/acme/kept");
        String session = cookies.getFirst().name + "=" + cookies.getFirst().value;
        var foreign = HttpRequest.newBuilder(server.at("/repositories/new")).header("Cookie", session)
                .header("Content-Type", "application/x-www-form-urlencoded").header("Sec-Fetch-Site", "cross-site")
                .POST(HttpRequest.BodyPublishers.ofString("repository[name]=acme%2Fstolen")).build();
        assertEquals(403, server.send(foreign).statusCode());
        assertEquals(404, server.send("GET", "/api/v1/repos/acme/stolen", "application/json", "").statusCode());
        Browser.close(page);
    }

    @Test
    void twoTabsDoNotOverwriteEachOtherUnseen() throws IOException {
        Page first = browser.open("/acme/shop/settings");
        Page second = browser.open("/acme/shop/settings");
        first.selectOption("#set-translations", "true");
        first.click("#settings button");
        first.waitForSelector("text=Saved.");
        second.selectOption("#set-valid_for_seconds", "604800");
        second.click("#settings button");
        second.waitForSelector("#refusal >> text=Somebody else has changed");
        assertEquals("604800", second.inputValue("#set-valid_for_seconds"));
        second.click("#settings button");
        second.waitForSelector("text=Saved.");
        assertEquals(604_800, server.get("/api/v1/repos/acme/shop/apt").get("valid_for_seconds").asInt());
        Browser.close(first);
        Browser.close(second);
    }

    @Test
    void worksWithoutScript() throws Exception {
        Hosted.create(server, "acme/plain");
        Path deb = DebBuilder.of("plainly", "2").build(folder);
        Page page = browser.open(Browser.window().setJavaScriptEnabled(false), "/acme/plain/upload");
        page.setInputFiles("#files", deb);
        page.selectOption("#place", Hosted.BOOKWORM);
        page.click("#upload button[type=submit]");
        assertTrue(page.innerText("#result").contains("stored; it is being indexed"), page.innerText("#result"));
        page.setInputFiles("#files", Files.writeString(folder.resolve("no.deb"), "!<arch>\nno"));
        page.selectOption("#place", Hosted.BOOKWORM);
        page.click("#upload button[type=submit]");
        assertTrue(page.innerText("#result").contains("Nothing was stored"), page.innerText("#result"));

        page.navigate(browser.at("/acme/plain"));
        page.fill("#q", "nowhere");
        page.click(".filter-send");
        assertTrue(page.innerText("#list").contains("No package is like that"));
        page.navigate(browser.at("/acme/plain/packages/debian/bookworm/plainly_2_all.deb"));
        page.click("text=Yank");
        page.fill("#field-why", "it was a trial");
        page.click("#form button[type=submit]");
        page.waitForURL("**/acme/plain");
        assertTrue(page.innerText("#list").contains("No package has been pushed yet"));
        Browser.close(page);
    }

    @Test
    void whateverStandsInPackagesStaysText() throws Exception {
        var evil = Hosted.create(server, "acme/evil");
        evil.pushed(HostilePackages.deb(folder));
        evil.pushed(HostilePackages.endless(folder));
        Page page = browser.open("/acme/evil/upload");
        page.selectOption("#for-rpm", page.getAttribute("#for-rpm option:has-text('el/9 ')", "value"));
        page.setInputFiles("#files", HostilePackages.rpm(folder));
        page.waitForSelector("#uploads li[data-tone=good]");
        Await.until("everything hostile is indexed", () -> evil.packages().size() == 3
                && evil.packages().stream().allMatch(row -> row.get("indexed").asBoolean()));
        String deb = "/acme/evil/packages/debian/bookworm/hostile_1_all.deb";
        String rpm = "/acme/evil/packages/el/9/hostile-1-1.noarch.rpm";
        String script = "%22%3E%3Cscript%3Ewindow.hurt%3D1%3C%2Fscript%3E";
        for (String path : List.of(deb, rpm, "/acme/evil/packages/debian/bookworm/endless_1_all.deb", "/acme/evil",
                "/acme/evil?q=" + script + "&type=" + script + "&dist=" + script + "&arch=" + script,
                "/repositories?q=" + script, "/search?q=" + script, "/search?q=hostile", "/acme/evil/install",
                "/acme/evil/statistics?span=" + script + "&dist=" + script,
                "/acme/evil/packages/debian/bookworm/" + script + "/yank")) {
            page.navigate(browser.at(path));
            assertEquals("undefined", page.evaluate("() => typeof window.hurt"), path);
            assertEquals(0, page.locator("img, main script, body > script, math, main style, [onload], [onerror], "
                    + "a[href^='javascript:']").count(), path);
        }
        page.navigate(browser.at(deb));
        String shown = page.innerText("main");
        for (String payload : List.of(HostilePackages.SCRIPT, HostilePackages.IMAGE, HostilePackages.VECTOR,
                HostilePackages.ADDRESS, HostilePackages.MATHS, HostilePackages.TEMPLATE, "‹U+202E›",
                "‹U+200B›")) {
            assertTrue(shown.contains(payload), payload + " is not shown in\n" + shown);
        }
        page.navigate(browser.at(rpm));
        assertTrue(page.innerText("main").contains(HostilePackages.SCRIPT), page.innerText("main"));
        assertTrue(page.textContent("main").contains("/opt/<img src=x onerror=alert(1)>"));
        Browser.close(page);
    }

    @Test
    void isAccessibleInLightAndDarkAndFitsAPhone() {
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            Page page = browser.open(Browser.phone().setColorScheme(scheme), "/repositories");
            for (String path : PATHS) {
                page.navigate(browser.at(path));
                assertEquals(200, ((Number) page.evaluate(
                        "() => performance.getEntriesByType('navigation')[0].responseStatus")).intValue(), path);
                assertEquals(360, ((Number) page.evaluate("() => document.documentElement.scrollWidth")).intValue(),
                        path);
                assertEquals(List.of(), Accessibility.graveFaults(page), scheme + " " + path);
            }
            Browser.close(page);
        }
    }

    @Test
    void strangersFindNoPrivatePage() throws IOException {
        server.post("/api/v1/repos", "{\"repository\":{\"name\":\"acme/secret\",\"private\":\"1\"}}");
        for (String page : List.of("", "/install", "/keys", "/statistics", "/stream")) {
            URI address = server.at("/acme/secret" + page);
            assertEquals(404, server.send(HttpRequest.newBuilder(address).GET().build()).statusCode(), page);
        }
    }
}
