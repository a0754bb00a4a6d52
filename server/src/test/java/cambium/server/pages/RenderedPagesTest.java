package cambium.server.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every template, rendered once with the example fleet.
class RenderedPagesTest {
    private static final Map<String, String> PAGES = new TreeMap<>();

    @BeforeAll
    static void render(@TempDir Path folder) throws IOException {
        RenderPages.main(new String[] {folder.toString()});
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                PAGES.put(file.getFileName().toString(), Files.readString(file));
            }
        }
    }

    @Test
    void nothingNeedsAnExceptionFromThePolicy() {
        var inline = Pattern.compile("<script(?![^>]* src=)|<style|"
                + "\\sstyle=|\\son[a-z]+=|javascript:|https?://[^\"<]*\\.js");
        PAGES.forEach((name, page) -> assertFalse(inline.matcher(page).find(), name));
    }

    @Test
    void noIdStandsTwiceOnAPage() {
        PAGES.forEach((name, page) -> {
            var ids = Pattern.compile("\\sid=\"([^\"]*)\"").matcher(page).results()
                    .map(found -> found.group(1)).toList();
            var twice = new ArrayList<>(ids);
            ids.stream().distinct().forEach(twice::remove);
            assertEquals("[]", twice.toString(), name);
        });
    }

    @Test
    void everyReferenceInsideAPageLeadsToSomething() {
        var reference = Pattern.compile("(?:href=\"#|url\\(#|aria-labelledby=\"|aria-describedby=\")([\\w-]+)");
        PAGES.forEach((name, page) -> reference.matcher(page).results().map(found -> found.group(1))
                .filter(id -> !id.equals("grain-none") && !id.equals("form-title"))
                .forEach(id -> assertTrue(page.contains("id=\"" + id + "\""), name + " lacks #" + id)));
    }

    @Test
    void aLargeFleetStaysAPageThatABrowserLikes() {
        assertTrue(PAGES.get("fleet-50x400.html").length() < 1_500_000);
    }

    @Test
    void whatHoldsNothingUpAndShouldBeKnownIsOnTheFleetPage() {
        var advice = "driver pull carries versions to 3 cells and to none of ring 0";
        assertTrue(PAGES.get("index.html").contains(advice));
        assertFalse(PAGES.get("stopped.html").contains(advice));
    }

    @Test
    void whatRunsAndWhatShouldRunAndHowLateThatIsStandOnTheFleetPageAndTheCellPage() {
        String fleet = PAGES.get("index.html");
        String late = fleet.substring(fleet.indexOf("id=\"ring-3\""), fleet.indexOf("id=\"cell-cell-5\""));
        assertTrue(late.contains(">1 graduated version behind for 2 h 01 min: too far<"), late);
        assertTrue(late.replaceAll("<[^>]*>", "").replaceAll("\\s+", " ")
                .contains("runs 1.1.0 on 2 1.2.0 on 1"), late);
        String ahead = fleet.substring(fleet.indexOf("id=\"ring-0\""), fleet.indexOf("id=\"ring-1\""));
        assertFalse(ahead.contains("behind"), ahead);

        String cell = PAGES.get("cell-cell-4.html").replaceAll("<[^>]*>", " ").replaceAll("\\s+", " ");
        assertTrue(cell.contains("Expected 1.2.0 Expected since 21 Nov 2026 11:00:00 UTC, 1 h 00 min ago"), cell);
        assertTrue(cell.contains("1 graduated version behind for 2 h 01 min"), cell);
        assertFalse(PAGES.get("cell-canary.html").contains("behind for"));
    }

    @Test
    void everyCellOfSixRingsOfSixtyIsOnThePageAndWhatFailedIsNotFolded() {
        String page = PAGES.get("fleet-6x60.html");
        String ring = page.substring(page.indexOf("id=\"ring-0\""), page.indexOf("id=\"ring-1\""));
        String folded = ring.substring(ring.indexOf("<details"), ring.indexOf("</details>"));

        assertEquals(60, ring.split("href=\"/cells/", -1).length - 1);
        assertEquals(52, folded.split("href=\"/cells/", -1).length - 1);
        assertTrue(folded.contains("<summary>52 more</summary>"), folded);
        assertFalse(folded.contains("tone-bad"), "7 failed, and 8 are shown");
    }

    @Test
    void fiveThousandCellsInFiftyRingsAreDrawnInGroupsAndCountedRight() {
        var page = FleetPage.of(new FleetNow(ExampleFleet.of(50, 100)), Optional.empty(),
                RenderPages.shell("Fleet", "fleet"));
        String text = new Renderer().text("fleet", page);

        assertTrue(text.length() < 1_000_000, () -> "a page of " + text.length() + " characters");
        assertEquals(5_000, page.drawing().dots().stream().mapToInt(RingDrawing.Dot::count).sum());
        assertTrue(page.drawing().dots().size() <= 1_300, () -> page.drawing().dots().size() + " dots");
        assertEquals(50, page.rings().size());
        for (var ring : page.rings()) {
            assertEquals(100, ring.cells().size() + ring.more(), ring.name());
            assertTrue(ring.cells().size() <= 8, ring.name());
        }
        String ring = text.substring(text.indexOf("id=\"ring-0\""), text.indexOf("id=\"ring-1\""));
        assertEquals(8, ring.split("cell tone-bad", -1).length - 1, "those that failed come first");
        assertTrue(ring.contains("and 92 more, 4 of them failed"), ring);
        assertEquals("75 of 100 cells", page.rings().getFirst().progress());
    }
}
