package cambium.server.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.FleetStatus.CellStatus;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Every cell of a fleet for people to read, a piece at a time.
class CellsPageTest {
    private static final Pattern CELL = Pattern.compile("<th scope=\"row\"><a href=\"/cells/([^\"]+)\">");
    private static final Pattern FROM = Pattern.compile("from=([0-9]+)");
    private final InstantSource clock = InstantSource.fixed(ExampleFleet.NOW);
    private final ExampleServer server = new ExampleServer(clock).withExample();

    @AfterEach
    void stop() {
        server.close();
    }

    private List<String> cells(String path) {
        var answer = server.http.get(path);
        assertEquals(200, answer.statusCode(), answer.body());
        return CELL.matcher(answer.body()).results().map(found -> found.group(1)).toList();
    }

    private static CellsPage page(FleetNow fleet, CellsPage.Which which, int from) {
        return CellsPage.of(fleet, new CellsPage.Sought(Optional.empty(), "", which, from),
                new Shell("Cells", "fleet", Optional.empty(), Optional.empty(), ExampleFleet.NOW, "stamp",
                        Offers.NONE));
    }

    private static List<String> walked(FleetNow fleet, CellsPage.Which which) {
        var names = new ArrayList<String>();
        for (var from = OptionalInt.of(0); from.isPresent();) {
            var page = page(fleet, which, from.getAsInt());
            assertTrue(page.rows().size() <= CellsPage.MOST_ROWS, "a piece is bounded");
            page.rows().forEach(row -> names.add(row.cell()));
            var next = page.next().map(FROM::matcher).filter(java.util.regex.Matcher::find);
            from = next.map(found -> OptionalInt.of(Integer.parseInt(found.group(1)))).orElse(OptionalInt.empty());
        }
        return names;
    }

    private static List<String> inOrder(List<CellStatus> cells) {
        return cells.stream().map(CellStatus::cell)
                .sorted(Comparator.comparing((String cell) -> Integer.parseInt(cell.substring(1, cell.indexOf('-'))))
                    .thenComparing(Comparator.naturalOrder())).toList();
    }

    @Test
    void aLargeFleetIsWalkedWithoutACellLeftOutOrSaidTwice() {
        var fleet = new FleetNow(ExampleFleet.of(12, 333));
        var all = inOrder(fleet.cells());
        assertTrue(all.size() > 4 * CellsPage.MOST_ROWS, "more than a few pieces");
        assertEquals(all, walked(fleet, CellsPage.Which.ALL));
        var failed = inOrder(fleet.cells().stream().filter(cell -> cell.state().equals("failed")).toList());
        assertTrue(failed.size() > CellsPage.MOST_ROWS, "these are of several pieces, too: " + failed.size());
        assertEquals(failed, walked(fleet, CellsPage.Which.TROUBLED));
        var second = page(fleet, CellsPage.Which.ALL, CellsPage.MOST_ROWS).range();
        assertEquals("201 to 400 of " + Words.number(all.size()) + " cells", second);
    }

    @Test
    void showsTheCellsOfARingAndThoseWithAPartOfAName() {
        assertEquals(10, cells("/cells").size());
        assertEquals(List.of("cell-1", "cell-2", "cell-3", "cell-4"), cells("/cells?ring=2&which=all&name="));
        assertEquals(List.of("canary"), cells("/cells?name=ANA"));
        assertEquals(List.of(), cells("/cells?ring=2&name=canary"));
    }

    @Test
    void showsOnlyThoseThatAreElsewhereThanTheirRingOrBehind() {
        var fleet = new FleetNow(ExampleFleet.tenCells());
        assertEquals(List.of("cell-2", "cell-4", "cell-5", "cell-6"), walked(fleet, CellsPage.Which.DRIFTED));
        assertEquals(List.of("cell-2", "cell-4", "cell-5", "cell-6"), walked(fleet, CellsPage.Which.BEHIND));
        assertTrue(cells("/cells?which=drifted").contains("canary"), "its ring takes 1.3.0");
        assertFalse(cells("/cells?which=behind").contains("canary"), "1.3.0 has not graduated");
    }

    @Test
    void saysOfEachWhatItIsToRunAndWhatItRuns() {
        var page = page(new FleetNow(ExampleFleet.tenCells()), CellsPage.Which.TROUBLED, 0);
        var failed = page.rows().stream().filter(row -> row.cell().equals("cell-4")).findFirst().orElseThrow();
        assertEquals("1.2.0", failed.expected().orElseThrow().version());
        assertEquals("1.1.0", failed.runs().orElseThrow().version());
        assertTrue(failed.drifted() && failed.behind().orElseThrow().startsWith("1 graduated version behind"));
        assertTrue(page.rows().stream().noneMatch(row -> row.state().tone().equals("good")), "only what needs a look");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ring=two", "ring=99999999999", "from=-1", "from=99999999999999", "which=odd"})
    void whatMakesNoSenseIsRefused(String query) {
        assertEquals(422, server.http.get("/cells?" + query).statusCode(), query);
    }
}
