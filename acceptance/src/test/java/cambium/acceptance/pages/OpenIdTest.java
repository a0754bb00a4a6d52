package cambium.acceptance.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.acceptance.Await;
import cambium.acceptance.RunningServer;
import com.microsoft.playwright.Page;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/// People sign in with a real OpenID provider, in a real browser that takes it for another site.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OpenIdTest {
    private RealOpenId openId;
    private RunningServer server;
    private Browser browser;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        openId = new RealOpenId(folder.resolve("openid"));
        server = RunningServer.start(folder.resolve("data"), Map.of("CAMBIUM_OPENID_SECRET", RealOpenId.SECRET),
                "--openid-issuer", openId.issuer(), "--openid-client", "cambium", "--openid-label", "Example",
                "--openid-roles", "delivery=release-manager;oncall=engineer-on-call");
        browser = new Browser(server);
    }

    @AfterAll
    void stop() throws Exception {
        browser.close();
        server.close();
        openId.close();
    }

    private void signIn(Page page, String name) {
        page.click("#openid");
        page.waitForURL(url -> url.startsWith(openId.issuer()));
        page.fill("input[name=login]", name);
        page.fill("input[name=password]", "any");
        page.click("button[type=submit]");
        // The first time, it asks whether the server may know who that is.
        page.waitForSelector("button[type=submit]:has-text('Continue')").click();
        page.waitForURL(url -> url.startsWith(server.address().toString()));
    }

    private static String path(Page page) {
        return URI.create(page.url()).getPath();
    }

    private int status(Page page, String path) {
        return page.request().get(browser.at(path)).status();
    }

    @Test
    @Order(1)
    void letsLocalAccountsInAndStaysReadyWhileTheProviderIsAway() throws Exception {
        Page page = browser.openSignedOut("/versions");
        page.click("#openid");
        assertEquals("Example cannot be asked now: its description answers 503. Try again, or sign in below with a "
                + "token or an account of this server.", page.innerText("#refusal"));
        assertEquals(200, server.send("GET", "/health/ready", "text/plain", "").statusCode());
        page.fill("#token", RunningServer.TOKEN);
        page.click("form.middle button");
        page.waitForURL(url -> url.endsWith("/versions"));
        Browser.close(page);
        openId.serve(server.address());
        Await.until("the provider is asked again", () ->
                server.send("GET", "/sign-in/openid", "text/plain", "").statusCode() == 303);
    }

    @Test
    @Order(2)
    void leadsThroughTheProviderToThePageAskedForWithTheRoleOfTheGroup() throws Exception {
        openId.groups("{\"rita\": [\"delivery\", \"all\"]}");
        Page page = browser.openSignedOut("/versions");
        assertEquals("/sign-in", path(page));
        assertEquals(List.of(), Accessibility.graveFaults(page));
        signIn(page, "rita");
        page.waitForURL(url -> url.endsWith("/versions"));
        assertEquals("rita", page.innerText(".sign-out .who"));
        assertEquals(200, status(page, "/repositories/new"));
        assertEquals(403, status(page, "/api/accounts"), "a release manager manages no accounts");
        assertTrue(server.output().contains("signed in: 'rita' with OpenID"), server.output());

        page.click(".sign-out .who");
        page.fill("#name", "laptop");
        page.click("text=Make a token");
        String token = page.innerText("#fresh");
        assertEquals(List.of(), Accessibility.graveFaults(page));
        var me = server.send(HttpRequest.newBuilder(server.at("/api/account"))
                .header("Authorization", RunningServer.basic(token)).build()).body();
        assertTrue(me.contains("\"rita\"") && me.contains("\"release-manager\""), me);

        page.click(".sign-out button");
        page.waitForURL(url -> url.startsWith(openId.issuer()));
        page.click("button[value=yes]");
        page.waitForURL(url -> url.endsWith("/sign-in"));
        assertEquals(401, status(page, "/api/account"), "nobody is signed in");
        page.click("#openid");
        page.waitForSelector("input[name=login]");
        Browser.close(page);
        assertEquals(List.of(), browser.complaints);
    }

    @Test
    @Order(3)
    void takesARoleAwayWithTheGroupAndSaysWhy() throws Exception {
        openId.groups("{\"olaf\": [\"oncall\"]}");
        Page first = browser.openSignedOut("/versions");
        signIn(first, "olaf");
        first.waitForURL(url -> url.endsWith("/versions"));
        assertEquals(403, status(first, "/repositories/new"));
        openId.groups("{\"olaf\": [\"visitors\"]}");
        Page second = browser.openSignedOut("/versions");
        signIn(second, "olaf");
        assertTrue(second.innerText("#refusal").contains("it tells of the group visitors"),
                second.innerText("#refusal"));
        assertEquals(401, status(second, "/api/account"));
        assertEquals(401, status(first, "/api/account"), "and the session of before has ended");
        Browser.close(first);
        Browser.close(second);
        assertFalse(server.output().contains(RealOpenId.SECRET));
    }
}
