package cambium.server.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.server.access.Actor;
import cambium.server.access.BuiltInRole;
import cambium.server.access.Permission;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Making, testing and ending webhooks of the fleet on their page, over HTTP.
class WebhookPageTest {
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String SECRET = "f00f".repeat(12);
    private Actor actor = Actor.allowedEverything("anna");
    private final ExampleServer server = new ExampleServer(InstantSource.fixed(ExampleFleet.NOW), _ -> actor)
            .withExample();

    @AfterEach
    void stop() {
        server.close();
    }

    private String sent(String path, int status, String form) {
        var answer = server.http.send("POST", path, FORM, form);
        assertEquals(status, answer.statusCode(), answer.body());
        return answer.body();
    }

    @Test
    void oneIsMadeByTheFormAndItsSecretIsShownThisOnce() {
        assertTrue(server.http.get("/webhooks").body().contains("href=\"/webhooks/new\""));
        String form = server.http.get("/webhooks/new").body();
        assertTrue(form.contains("name=\"url\"") && form.contains("name=\"kinds\""), form);

        String made = sent("/webhooks", 200, "url=https%3A%2F%2Fchat.example%2Fhook&kinds=PageRaised");
        assertEquals(List.of("webhook https://chat.example/hook PageRaised"), server.api.asked);
        assertTrue(made.contains("Webhook no. 4 is made.") && made.contains(SECRET), made);
        assertFalse(server.http.get("/webhooks").body().contains(SECRET), "and never again");

        String mail = sent("/webhooks", 200, "url=mailto%3Aops%40example.org&kinds=");
        assertTrue(mail.contains("Webhook no. 5 is made.") && !mail.contains("Its secret"), mail);
    }

    @Test
    void whoeverIsSignedOutGetsWhatWasTypedBackAndNothingIsMadeNorFilledInByAnotherSite() {
        actor = Actor.ANONYMOUS;
        long before = server.store.load().revision();
        for (var each : List.of(List.of("/webhooks", "url=https%3A%2F%2Fx.example%2F%22%3E&kinds=PageRaised"),
                List.of("/fleet/act/approve", "version=1.3.0&ring=2&ruling=refuse&why=%3Cb%3Eslow"),
                List.of("/fleet/act/brake", "scope=cell+canary&why=PageRaised&for=1+hour"))) {
            String again = sent("same-origin", each.getFirst(), 401, each.getLast());
            assertTrue(again.contains("not signed in any more") && again.contains("href=\"/sign-in\""), again);
            assertFalse(again.contains("<b>") || again.contains("ring 1"), again);
            sent("cross-site", each.getFirst(), 403, each.getLast());
        }
        String ruled = sent("same-origin", "/fleet/act/approve", 401, "version=1.3.0&ring=2&ruling=refuse&why=slow");
        assertTrue(ruled.contains("<option value=\"refuse\" selected>"), "never approve for whoever chose to refuse");
        sent("same-origin", "/webhooks/3/test", 303, "");
        assertEquals(List.of(), server.api.asked);
        assertEquals(before, server.store.load().revision(), "nothing was said to the fleet");
    }

    private String sent(String site, String path, int status, String form) {
        var answer = server.http.send("POST", path, FORM, form, "Sec-Fetch-Site", site);
        assertEquals(status, answer.statusCode(), answer.body());
        return answer.body();
    }

    @Test
    void aRefusedAddressComesBackWithTheReasonAndNothingIsMade() {
        String again = sent("/webhooks", 422, "url=http%3A%2F%2F10.0.0.1%2F%22%3E%3Cb%3E&kinds=PageRaised");
        assertTrue(again.contains("10.0.0.1 is a private address") && again.contains("aria-invalid=\"true\""), again);
        assertTrue(again.contains("value=\"http://10.0.0.1/&#34;>&lt;b>\"") && again.contains("value=\"PageRaised\""),
                again);
        assertEquals(List.of(), server.api.asked);
    }

    @Test
    void aTestSaysWhatTheReceiverMadeOfItAndEndingAsksFirst() {
        assertTrue(sent("/webhooks/1/test", 200, "").contains("Webhook no. 1 took the test: answered 204"));
        String refused = sent("/webhooks/2/test", 200, "");
        assertTrue(refused.contains("Webhook no. 2 did not take the test: answered 503 &lt;i&gt;"), refused);
        assertTrue(refused.contains("role=\"alert\""), refused);

        String asks = server.http.get("/webhooks/2/end").body();
        assertTrue(asks.contains("End webhook no. 2?"), asks);
        assertEquals(List.of(), server.api.asked, "to ask ends nothing");
        var ended = server.http.send("POST", "/webhooks/2/end", FORM, "");
        assertEquals("/webhooks", ended.headers().firstValue("Location").orElse(""));
        assertEquals(List.of("/webhooks/2/end "), server.api.asked);
        assertEquals(404, server.http.get("/webhooks/x/end").statusCode());
    }

    @Test
    void whoMayNotManageTheFleetSeesNoneAndMakesTestsAndEndsNone() {
        for (var role : List.of(BuiltInRole.READ_ONLY, BuiltInRole.ENGINEER_ON_CALL, BuiltInRole.RELEASE_MANAGER)) {
            actor = new Actor(role.word(), Arrays.stream(Permission.values()).filter(role::may)
                    .collect(Collectors.toSet()));
            for (String page : List.of("/webhooks", "/webhooks/new", "/webhooks/1/end")) {
                assertEquals(403, server.http.get(page).statusCode(), role + page);
            }
            for (String path : List.of("/webhooks", "/webhooks/1/test", "/webhooks/1/end")) {
                sent(path, 403, "url=https%3A%2F%2Fchat.example%2F");
            }
        }
        assertEquals(List.of(), server.api.asked);
    }
}
