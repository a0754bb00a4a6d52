package cambium.server.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.AttemptId;
import cambium.rollout.CellId;
import cambium.rollout.Evidence;
import cambium.rollout.FleetEvent.VerdictReached;
import cambium.rollout.FleetStatus;
import cambium.rollout.ProductVersion;
import cambium.rollout.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The page of a version in a large fleet: short, and nothing in trouble is folded away.
class VersionPageTest {
    private static final ProductVersion VERSION = ProductVersion.of("1.3.0");

    private final List<Happened> happened = new ArrayList<>();

    private void verdict(int cell, Verdict verdict, String text) {
        String name = "c" + cell;
        happened.add(new Happened(happened.size() + 1L, new VerdictReached(
                ExampleFleet.NOW.minusSeconds(9_000 - happened.size()), CellId.of(name),
                AttemptId.of("r1." + name + ".deploy.1"), VERSION, verdict, 240, Evidence.of(text))));
    }

    private String page() {
        var all = ExampleFleet.of(50, 100);
        var cells = new ArrayList<>(all.cells());
        cells.set(700, ExampleFleet.cell("late", "secondary", 7, "deploying", "1.2.0"));
        var fleet = new FleetNow(new FleetStatus(all.fleet(), all.revision(), all.perimeter(), all.at(), all.brakes(),
                all.pins(), all.versions(), all.rings(), cells, all.drill(), all.paused(), all.advice(),
                all.logFlaw()));
        return new Renderer().text("version", VersionPage.of(fleet.version("1.3.0").orElseThrow(), fleet, List.of(),
                new History(happened, fleet.at()), RenderPages.shell("1.3.0", "versions")));
    }

    @Test
    void whatIsHarmfulStandsFirstAndReadableHoweverManyOthersAreNewer() {
        verdict(0, Verdict.NO_DATA, "3 requests are too few");
        verdict(0, Verdict.HARMFUL, "errors on c0");
        verdict(1, Verdict.HARMFUL, "errors on c1");
        for (int cell = 2; cell < 202; cell++) {
            verdict(cell, Verdict.HEALTHY, "as before on c" + cell);
        }
        String page = page();
        String evidence = page.substring(page.indexOf("id=\"evidence-title\""), page.indexOf("id=\"history-title\""));

        assertTrue(evidence.contains(">2 harmful, 200 healthy<"), "each attempt counts once, by its last verdict");
        assertEquals(List.of("verdict-r1.c1.deploy.1-harmful"), ids(evidence, "<details[^>]* id=\"([^\"]*)\" open"));
        assertEquals(List.of("verdict-r1.c1.deploy.1-harmful", "verdict-r1.c0.deploy.1-harmful",
                "verdict-r1.c201.deploy.1-healthy"),
                ids(evidence, "id=\"(verdict-[^\"]*)\"").subList(0, 3));
        String folded = evidence.substring(evidence.indexOf("verdict-r1.c0.deploy.1-harmful"));
        assertTrue(folded.substring(0, folded.indexOf("</summary>")).contains("errors on c0"),
                "what is folded and harmful says why all the same");
        assertTrue(evidence.contains("191 more verdicts"), "12 of 203 have their evidence here");
        assertTrue(evidence.contains("href=\"/attempts/r1.c2.deploy.1\""), "the others have it there");
        assertFalse(evidence.contains("as before on c2<"), "not all 203 are drawn");
    }

    @Test
    void ringsWithNothingToSeeAreFoldedTogetherAndThoseAtWorkAreNot() {
        String page = page();
        String rings = page.substring(page.indexOf("id=\"rings-title\""), page.indexOf("id=\"packages-title\""));
        String seen = rings.replaceAll("(?s)<details.*?</details>", "");

        assertEquals(List.of("99 of 100 cells"), ids(seen, "progress-text\">([^<]*)<"), rings);
        assertTrue(rings.contains(": not their target"), rings);
        assertEquals(50, ids(rings, "href=\"/#ring-(\\d+)\"").size());
    }

    @Test
    void onlyTheNewestLinesOfTheHistoryAreUnfolded() {
        for (int cell = 0; cell < 30; cell++) {
            verdict(cell, Verdict.HEALTHY, "as before");
        }
        String page = page();
        String history = page.substring(page.indexOf("id=\"history-title\""));
        int fold = history.indexOf("<details");

        assertEquals(8, ids(history.substring(0, fold), "judged (healthy)").size());
        assertEquals(22, ids(history.substring(fold), "judged (healthy)").size());
        assertTrue(history.contains("<summary>22 earlier</summary>"));
    }

    private static List<String> ids(String page, String pattern) {
        return Pattern.compile(pattern).matcher(page).results().map(found -> found.group(1)).toList();
    }
}
