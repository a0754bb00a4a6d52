package cambium.server.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.Scope;
import cambium.server.access.Actor;
import cambium.server.access.Permission;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PagesTest {
    private static final String FORM = "application/x-www-form-urlencoded";
    private final InstantSource clock = InstantSource.fixed(ExampleFleet.NOW);
    private ExampleServer server = new ExampleServer(clock).withExample();

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "/", "/audit", "/brakes", "/versions", "/versions/1.2.0", "/cells", "/cells/canary",
            "/attempts/r3.canary.deploy.1", "/repositories", "/acme/storefront", "/acme/storefront?q=1.2&page=1",
            "/acme/storefront/packages/debian/bookworm/storefront_1.2.0_amd64.deb", "/fleet/act/brake?scope=ring+2",
            "/fleet/act/rollback?cell=canary", "/fleet/act/pdm?version=1.2.0", "/fleet/act/graduate?version=1.2.0",
            "/fleet/act/release?version=1.2.0", "/fleet/act/release-brake?scope=fleet",
            "/fleet/act/retry?cell=canary&version=1.3.0"})
    void everyPageAnswersUnderAStrictPolicy(String path) {
        HttpResponse<String> answer = server.http.get(path);

        assertEquals(200, answer.statusCode(), path);
        assertEquals("text/html; charset=utf-8", answer.headers().firstValue("Content-Type").orElse(""));
        String policy = answer.headers().firstValue("Content-Security-Policy").orElse("");
        assertTrue(policy.contains("default-src 'none'") && !policy.contains("unsafe"), policy);
        assertEquals("no-store", answer.headers().firstValue("Cache-Control").orElse(""));
    }

    @Test
    void whoIsSignedInIsNotAskedToSignInWhereSomethingIsNotThere() {
        var missing = server.http.get("/cells/nobody", "Accept", "text/html").body();
        var nowhere = server.http.get("/no/such/page", "Accept", "text/html").body();

        assertTrue(missing.contains("anna") && !missing.contains("/sign-in"), missing);
        assertTrue(nowhere.contains("There is nothing here") && !nowhere.contains("/sign-in"), nowhere);
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "/versions/9.9.9", "/versions/%3Cb%3E", "/cells/nobody", "/attempts/r9.canary.deploy.1", "/attempts/x",
            "/acme/nothing", "/acme/storefront/packages/debian/bookworm/none.deb", "/fleet/act/brake?scope=moon",
            "/fleet/act/graduate", "/static/secret.txt"})
    void whatIsNotThereIsNotFound(String path) {
        assertEquals(404, server.http.get(path).statusCode(), path);
    }

    @Test
    void aPlainFormSetsABrakeAndLeadsBack() {
        var answer = server.http.send("POST", "/fleet/act/brake", FORM, "scope=ring+2&why=closing&for=1+hour");

        assertEquals(303, answer.statusCode());
        assertEquals("/#ring-2", answer.headers().firstValue("Location").orElse(""));
        var brake = server.store.load().fleet().brakes().get(Scope.of("ring 2"));
        assertEquals("anna", brake.by());
        assertEquals("closing", brake.why());
        assertEquals(ExampleFleet.NOW.plusSeconds(3600), brake.until().orElseThrow());
        assertTrue(server.http.get("/").body().contains("closing"));
    }

    @Test
    void inADialogItOnlySaysThatItIsDone() {
        var answer = server.http.send(
                "POST", "/fleet/act/brake", FORM, "scope=fleet&why=closing", "HX-Request", "true");

        assertEquals(204, answer.statusCode());
        assertEquals("done", answer.headers().firstValue("HX-Trigger").orElse(""));
    }

    @Test
    void aRefusedFormComesBackWithWhatWasTyped() {
        long before = server.store.load().revision();
        var answer = server.http.send(
                "POST", "/fleet/act/rollback", FORM, "scope=ring+3&why=a+%3C+b&with_downtime=true");

        assertEquals(409, server.http.send("POST", "/api/fleet/rollbacks", "application/json",
                "{\"ring\":3,\"why\":\"x\"}").statusCode());
        assertEquals(422, answer.statusCode());
        assertTrue(answer.body().contains("role=\"alert\""), answer.body());
        assertTrue(answer.body().contains(">a &lt; b</textarea>"));
        assertEquals(before, server.store.load().revision());
    }

    @Test
    void aBrakeWithoutAReasonIsRefusedAndTheFieldIsNamed() {
        var answer = server.http.send("POST", "/fleet/act/brake", FORM, "scope=fleet&why=+++");

        assertEquals(422, answer.statusCode());
        assertTrue(answer.body().contains("aria-invalid=\"true\""));
        assertTrue(server.store.load().fleet().brakes().isEmpty());
    }

    @Test
    void whoMayOnlyLookActsOnNothingAndSeesNoPrivateRepository() {
        server.close();
        server = new ExampleServer(clock, _ -> new Actor("vera", Set.of(Permission.READ_FLEET))).withExample();

        for (Act act : Act.values()) {
            var answer = server.http.send("POST", act.path() + "?scope=fleet&version=1.2.0&why=x", FORM, "");
            assertEquals(403, answer.statusCode());
        }
        assertFalse(server.http.get("/repositories").body().contains("acme/tools"));
        assertEquals(404, server.http.get("/acme/tools").statusCode());
    }

    @Test
    void versionsAreShownWithHowDeliveryFared() {
        String page = server.http.get("/versions").body();
        assertTrue(page.contains("Delivery in the last 30 days"), page);
        assertTrue(page.contains("<dt>Found bad</dt><dd>"), page);
    }

    @Test
    void anEmptyFleetSaysHowToDeclareOne() {
        server.close();
        server = new ExampleServer(clock);

        assertTrue(server.http.get("/").body().contains("cambium apply"));
        assertEquals(200, server.http.get("/versions").statusCode());
    }

    @Test
    void logsAreShownAsText() {
        assertTrue(server.http.get("/attempts/r3.canary.deploy.1").body().contains("&lt;b&gt;not bold&lt;/b&gt;"));
    }

    @Test
    void stampedFilesMayBeKeptAndOthersAreAskedForAgain() {
        String page = server.http.get("/").body();
        int at = page.indexOf("/static/site.css?");
        String stamped = page.substring(at, page.indexOf('"', at));

        var kept = server.http.get(stamped).headers();
        assertTrue(kept.firstValue("Cache-Control").orElse("").contains("immutable"));
        var asked = server.http.get("/static/site.css").headers();
        assertEquals("no-cache", asked.firstValue("Cache-Control").orElse(""));
        String tag = asked.firstValue("ETag").orElseThrow();
        assertEquals(304, server.http.get("/static/site.css", "If-None-Match", tag).statusCode());
        for (String file : List.of("site.js", "theme.js", "htmx.min.js", "mark.svg")) {
            assertEquals(200, server.http.get("/static/" + file).statusCode(), file);
        }
    }

    @Test
    void theListOfWebhooksTellsTheLastDeliveryAndItsAnswer() {
        try (var server = new ExampleServer(java.time.InstantSource.fixed(ExampleFleet.NOW))) {
            assertTrue(server.withExample().http.get("/").body().contains("href=\"/webhooks\""), "it is led to");
            String page = server.http.get("/webhooks").body().replaceAll("<[^>]*>", "").replaceAll("\\s+", " ");
            assertTrue(page.contains("https://chat.example.org/&lt;b&gt; no. 1 every kind idle nothing was sent "
                    + "yet"), page);
            assertTrue(page.contains("https://ci.example.org/hook no. 2 PageRaised, VersionBlocked failing 1 h 00 min "
                    + "ago answered 503 3 failed tries, again later"), page);
            assertTrue(page.contains("mailto:gone@example.org no. 3 PageRaised stopped 1 h 00 min ago 550 no such "
                    + "person 24 failed tries, told nothing more"), page);
        }
    }
}
