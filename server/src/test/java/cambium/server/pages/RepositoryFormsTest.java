package cambium.server.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.server.access.Actor;
import cambium.server.access.Permission;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The forms and pages of repositories over the example, for an administrator, a reader and nobody.
class RepositoryFormsTest {
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String PACKAGE = "/acme/storefront/packages/debian/bookworm/storefront_1.2.0_amd64.deb";
    private static final String WITHDRAWN =
            "/acme/storefront/withdrawn/debian/bookworm/storefront_1.1.0%2Bx_amd64.deb";
    private static final List<String> PATHS = List.of(
            "/repositories", "/repositories/new", "/search", "/search?q=store", "/acme/storefront",
            "/acme/storefront?q=1.2&type=deb&dist=debian/bookworm&arch=amd64&state=failed&before=4",
            "/acme/storefront/install", "/acme/storefront/upload", "/acme/storefront/tokens",
            "/acme/storefront/tokens/new", "/acme/storefront/tokens/7/new", "/acme/storefront/tokens/7/revoke",
            "/acme/storefront/tokens/7/read/9/revoke", "/acme/storefront/keys", "/acme/storefront/keys/rotate",
            "/acme/storefront/settings", "/acme/storefront/keys/0DDBA10DDBA10DDBA1/end", "/acme/storefront/statistics",
            "/acme/storefront/statistics?span=quarter&dist=debian/bookworm",
            "/acme/storefront/statistics?span=year", PACKAGE, PACKAGE + "/yank", PACKAGE + "/promote",
            PACKAGE + "/quarantine", "/acme/storefront/withdrawn", WITHDRAWN + "/release",
            "/acme/storefront/retention", "/acme/storefront/retention/end", "/acme/storefront/keys/package/new",
            "/acme/storefront/policy", "/acme/storefront/policy/end", "/acme/storefront/keys/package/k.pub.gpg/remove");

    private static final InstantSource CLOCK = InstantSource.fixed(ExampleFleet.NOW);
    private static ExampleServer server;
    private static ExampleServer reading;
    private static ExampleServer signedOut;

    @BeforeAll
    static void start() {
        server = new ExampleServer(CLOCK);
        reading = new ExampleServer(CLOCK, _ -> new Actor("vera", Set.of(Permission.READ_REPOSITORY)));
        signedOut = new ExampleServer(CLOCK, _ -> new Actor("anonymous", EnumSet.noneOf(Permission.class)));
    }

    @AfterAll
    static void stop() {
        server.close();
        reading.close();
        signedOut.close();
    }

    @Test
    void everyPageAnswersUnderAStrictPolicyWithoutAnythingInlineOrAnIdTwice() {
        var inline = Pattern.compile("<script(?![^>]* src=)|<style|\\sstyle=|\\son[a-z]+=|javascript:");
        for (String path : PATHS) {
            HttpResponse<String> answer = server.http.get(path);
            assertEquals(200, answer.statusCode(), path);
            String policy = answer.headers().firstValue("Content-Security-Policy").orElse("");
            assertTrue(policy.contains("default-src 'none'"), path);
            assertFalse(inline.matcher(answer.body()).find(), path);
            List<String> ids = Pattern.compile("\\sid=\"([^\"]*)\"").matcher(answer.body()).results()
                    .map(found -> found.group(1)).toList();
            assertEquals(ids.stream().distinct().toList(), ids, path);
        }
    }

    @Test
    void aRepositoryIsMadeByTheApiAndOpened() {
        var made = server.http.send("POST", "/repositories/new", FORM, "repository[name]=acme%2Ffresh");

        assertEquals(303, made.statusCode());
        assertEquals("/acme/fresh", made.headers().firstValue("Location").orElse(""));
        assertTrue(server.api.asked.contains("create acme/fresh"));
        var inADialog = server.http.send(
                "POST", "/repositories/new", FORM, "repository[name]=acme%2Fother", "HX-Request", "true");
        assertEquals("/acme/other", inADialog.headers().firstValue("HX-Redirect").orElse(""));
    }

    @Test
    void aRefusedNameComesBackAsItWasTypedWithTheReason() {
        var refused = server.http.send(
                "POST", "/repositories/new", FORM, "repository[name]=acme%2Ftaken&repository[private]=1");

        assertEquals(422, refused.statusCode());
        assertTrue(refused.body().contains("The name has already been taken"), refused.body());
        assertTrue(refused.body().contains("value=\"acme/taken\""));
        assertTrue(refused.body().contains("aria-invalid=\"true\""));
        assertTrue(refused.body().contains("name=\"repository[private]\" value=\"1\" checked"));
    }

    @Test
    void whatWasTypedIsKeptWhenTheSessionHasEnded() {
        var kept = signedOut.http.send("POST", "/repositories/new", FORM, "repository[name]=acme%2Ffresh",
                "Sec-Fetch-Site", "same-origin");

        assertEquals(401, kept.statusCode());
        assertTrue(kept.body().contains("value=\"acme/fresh\""));
        assertTrue(kept.body().contains("href=\"/sign-in\" target=\"_blank\""));
        assertEquals(List.of(), signedOut.api.asked);
    }

    @Test
    void whoOnlyReadsSeesNoWayToActAndCannot() {
        String page = reading.http.get("/acme/storefront").body();

        assertFalse(page.contains("/storefront/upload\"") || page.contains("/storefront/tokens\""));
        assertFalse(reading.http.get("/repositories").body().contains("/repositories/new"));
        assertFalse(reading.http.get(PACKAGE).body().contains("/yank\""));
        assertFalse(reading.http.get("/acme/storefront/keys").body().contains("/keys/rotate\""));
        for (String path : List.of("/repositories/new", "/acme/storefront/tokens/new",
                "/acme/storefront/tokens/7/read/9/revoke", "/acme/storefront/keys/rotate", PACKAGE + "/yank")) {
            assertEquals(403, reading.http.send("POST", path, FORM, "repository[name]=acme/x").statusCode(), path);
        }
        assertEquals(403, reading.http.get("/acme/storefront/tokens").statusCode());
        assertEquals(List.of(), reading.api.asked);
    }

    @Test
    void tokensAreRevokedByTheNumbersInTheAddress() {
        var revoked = server.http.send("POST", "/acme/storefront/tokens/7/read/9/revoke", FORM, "");

        assertEquals(303, revoked.statusCode());
        assertEquals("/acme/storefront/tokens", revoked.headers().firstValue("Location").orElse(""));
        assertEquals(404, server.http.get("/acme/storefront/tokens/%3Cb%3E/revoke").statusCode());
    }

    @Test
    void anUploadWithoutScriptSaysWhyNothingWasStored() {
        var refused = server.http.send("POST", "/acme/storefront/upload", "multipart/form-data; boundary=x", "--x--");

        assertEquals(422, refused.statusCode());
        assertTrue(refused.body().contains("The file name has already been taken: this file name holds other bytes"),
                refused.body());
        assertEquals(401, signedOut.http.send("POST", "/acme/storefront/upload", "multipart/form-data; boundary=x",
                "--x--").statusCode());
    }

    @Test
    void settingsThatSomebodyElseChangedMeanwhileAreShownBesideTheOwnChoice() {
        String form = "seen=true.false.0&contents=true&translations=true&valid_for_seconds=604800";
        var late = server.http.send("POST", "/acme/storefront/settings", FORM, form);

        assertEquals(412, late.statusCode());
        assertTrue(late.body().contains("contents are off, translations are off"), late.body());
        assertTrue(late.body().contains("<option value=\"604800\" selected>7 days"));
        assertEquals(401, signedOut.http.send("POST", "/acme/storefront/settings", FORM, form, "Sec-Fetch-Site",
                "same-origin").statusCode());
        assertEquals(403, signedOut.http.send("POST", "/acme/storefront/settings", FORM, form).statusCode());
        var saved = server.http.send("POST", "/acme/storefront/settings", FORM, form.replace("=true.", "=false."));
        assertEquals("/acme/storefront/settings?saved=yes", saved.headers().firstValue("Location").orElse(""));
    }

    @Test
    void whatWasWithdrawnIsListedWithItsReasonAndOnlyWhatIsInQuarantineIsReleased() {
        String page = server.http.get("/acme/storefront/withdrawn").body();
        assertTrue(page.contains("1 package in quarantine") && page.contains("1 package yanked"), page);
        assertTrue(page.indexOf("storefront_1.1.0+x") < page.indexOf("old-1-1.noarch.rpm"), "the latest first");
        assertTrue(page.contains("&lt;b>bad&lt;/b> dependency") || page.contains("&lt;b&gt;bad"), page);
        assertTrue(page.contains("no reason was given"));
        assertEquals(1, page.split("/release\"", -1).length - 1);
        var released = server.http.send("POST", WITHDRAWN + "/release", FORM, "");
        assertEquals("/acme/storefront/withdrawn", released.headers().firstValue("Location").orElse(""));
        assertEquals(403, reading.http.get("/acme/storefront/withdrawn").statusCode());
        assertEquals(403, reading.http.send("POST", WITHDRAWN + "/release", FORM, "").statusCode());
    }

    @Test
    void settingsSayWhatIsKeptAndWhatGoesNext() {
        String page = server.http.get("/acme/storefront/settings").body();
        assertTrue(page.contains("the newest 3 versions stay, and whatever is younger than 30 days"), page);
        assertTrue(page.contains("1 package goes") && page.contains("el/9 old-1-1.noarch.rpm"), page);
        String form = "keep_versions=2&keep_days=0";
        assertEquals("/acme/storefront/settings", server.http.send("POST", "/acme/storefront/retention", FORM, form)
                .headers().firstValue("Location").orElse(""));
        assertEquals(403, reading.http.send("POST", "/acme/storefront/retention", FORM, form).statusCode());
        assertEquals(List.of(), reading.api.asked);
    }

    @Test
    void settingsSayWhatIsAskedOfPackagesAndTheFormBeginsWithIt() {
        String page = server.http.get("/acme/storefront/settings").body();
        assertTrue(page.contains("signed by a package key of this repository"), page);
        assertTrue(page.contains("No source packages.") && page.contains("Packages for amd64, arm64 only"), page);
        String form = server.http.get("/acme/storefront/policy").body();
        for (String held : List.of("value=\"known\" selected", "value=\"strong\" selected",
                "value=\"false\" selected", "value=\"amd64, arm64\"")) {
            assertTrue(form.contains(held), held + " in " + form);
        }
        String typed = "signatures=strong&digests=any&sources=true&architectures=";
        assertEquals("/acme/storefront/settings", server.http.send("POST", "/acme/storefront/policy", FORM, typed)
                .headers().firstValue("Location").orElse(""));
        assertEquals(303, server.http.send("POST", "/acme/storefront/policy/end", FORM, "").statusCode());
        assertEquals(403, reading.http.send("POST", "/acme/storefront/policy", FORM, typed).statusCode());
        assertEquals(403, reading.http.get("/acme/storefront/policy").statusCode());
        var kept = signedOut.http.send("POST", "/acme/storefront/policy", FORM, typed, "Sec-Fetch-Site",
                "same-origin");
        assertEquals(401, kept.statusCode());
        assertTrue(kept.body().contains("value=\"strong\" selected"), kept.body());
        assertEquals(List.of(), reading.api.asked);
        assertEquals(List.of(), signedOut.api.asked);
    }

    @Test
    void aKeyOfPackagesIsAFileOrPasted() {
        String form = server.http.get("/acme/storefront/keys/package/new").body();
        assertTrue(form.contains("enctype=\"multipart/form-data\""), form);
        assertTrue(form.contains("<input type=\"file\"") && form.contains("<textarea"), form);
        assertTrue(server.http.get("/acme/storefront/retention").body()
                .contains("enctype=\"application/x-www-form-urlencoded\""));
    }

    @Test
    void whoMayPushSeesWhichTokensMostWasFetchedWith() {
        String page = server.http.get("/acme/storefront/statistics").body();
        assertTrue(page.contains("host-17") && page.contains("4,120"), page);
        assertFalse(page.contains("<b>host"), page);
        assertFalse(reading.http.get("/acme/storefront/statistics").body().contains("host-17"));
    }

    @Test
    void aPrivateRepositoryHasNoPagesForStrangers() {
        for (String page : List.of("", "/install", "/statistics", "/keys", "/stream")) {
            assertEquals(404, signedOut.http.get("/acme/tools" + page).statusCode(), page);
        }
    }

    @Test
    void theInstallPageHasOneLineThatSetsAMachineUp() {
        String page = server.http.get("/acme/storefront/install").body();
        assertTrue(page.contains("/install/repositories/acme/storefront/script.deb.sh | sudo sh"), page);
    }

    @Test
    void bookmarksOfTheFormerSearchPageStillLead() {
        var moved = server.http.get("/app/acme/storefront/search?q=a+b");

        assertEquals(302, moved.statusCode());
        assertEquals("/acme/storefront?q=a+b", moved.headers().firstValue("Location").orElse(""));
    }

    @Test
    void heightsOfAChartEndOnARoundNumber() {
        assertEquals(List.of(2L, 2L, 4L, 10L, 20L, 200L, 1000L), List.of(0L, 2L, 3L, 9L, 11L, 199L, 555L).stream()
                .map(SeriesChart::roof).toList());
    }
}
