package cambium.server.pages;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.server.access.SignInPage;
import cambium.rollout.Advice;
import cambium.rollout.FleetStatus;
import cambium.rollout.FleetStatus.BrakeStatus;
import cambium.rollout.FleetStatus.PinStatus;
import cambium.rollout.LogFlaw;
import cambium.rollout.Scope;
import cambium.rollout.Wait;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextStaysTextTest {
    private final Renderer renderer = new Renderer();

    @ParameterizedTest
    @ValueSource(strings = {
            "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='alert(1)",
            "</textarea><svg onload=alert(1)>", "javascript:alert(1)", "${7*7}<b>@{x}</b>",
            "</title><script>1</script>",
            "<math><mtext></p><style><!--</style><img src onerror=alert(1)>"})
    void whateverStandsInABrakeAPackageOrALog(String hostile) {
        FleetStatus ten = ExampleFleet.tenCells();
        var brakes = new ArrayList<>(ten.brakes());
        brakes.add(new BrakeStatus("fleet", hostile, hostile, ten.at(), Optional.empty(), false, ten.at()));
        var fleet = new FleetNow(new FleetStatus(
                hostile, 1, ten.perimeter(), ten.at(), brakes, List.of(new PinStatus("cell c",
                hostile, hostile, hostile, ten.at(), Optional.empty(), ten.at())), ten.versions(), ten.rings(),
                ten.cells(), Optional.empty(), Optional.of(new FleetStatus.PausedStatus(3, hostile, ten.at(),
                        Optional.of("1.3.0"), List.of(new Wait(Wait.Code.BRAKED, Scope.of("ring 3"), hostile,
                        Optional.empty())))), List.of(new Advice(Advice.Code.UNTRIED_DRIVER, hostile)),
                Optional.of(new LogFlaw(1, hostile, hostile))),
                Optional.of(hostile));
        var shell = RenderPages.shell(hostile, "fleet");
        var form = new Forms(shell).brake("ring 2", fleet).typed(hostile, hostile, true).refused(hostile, "why");
        var attempt = new History(ExampleEvents.happened(), ten.at()).attempts(_ -> true, 1).getFirst();

        for (String page : List.of(
                renderer.text("fleet", FleetPage.of(fleet, Optional.of(new FleetReads.Followed(hostile, true)), shell)),
                renderer.text("brakes", BrakesPage.of(fleet, shell)),
                renderer.text("act", form),
                renderer.text("sign-in", new SignInView(shell, hostile, Optional.of(hostile),
                        Optional.of(hostile))),
                renderer.text("go-on", new GoOnView(shell, hostile, "/")),
                renderer.text("no-account", new NoAccountPage(shell, hostile)),
                renderer.text("own-tokens", OwnTokensPage.of(shell, List.of(hostile), List.of(new SignInPage.Kept(
                        hostile, ten.at(), Optional.of(ten.at()))), Optional.of(new SignInPage.Fresh(hostile, hostile)),
                        Optional.of(hostile))),
                renderer.text("package", new ExampleRepository().onePackage(hostile + "\n " + hostile)),
                renderer.text("attempt", AttemptPage.of(
                        attempt, new FleetReads.AttemptLog(hostile, false), List.of(), ten.at(), shell)))) {
            if (hostile.contains("<")) {
                assertFalse(page.contains(hostile), "left as markup: " + hostile);
            }
            assertFalse(page.contains("<img") || page.contains("<script>") || page.contains("<math"), page);
            assertFalse(page.contains("href=\"javascript:"), "a link that is a script");
        }
    }

    @Test
    void doesNotHideWhatWasTyped() {
        var fleet = new FleetNow(ExampleFleet.tenCells());
        var form = new Forms(RenderPages.shell("Act", "fleet")).brake("fleet", fleet).typed("a < b & c", "", false);

        assertTrue(renderer.text("act", form).contains(">a &lt; b &amp; c</textarea>"));
    }
}
