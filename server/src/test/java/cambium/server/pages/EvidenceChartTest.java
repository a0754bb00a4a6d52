package cambium.server.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.AttemptId;
import cambium.rollout.CellId;
import cambium.rollout.Evidence;
import cambium.rollout.FleetEvent.VerdictReached;
import cambium.rollout.ProductVersion;
import cambium.rollout.Verdict;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class EvidenceChartTest {
    private static final String HOSTILE = "\"><script>alert(1)</script><img src=x>";
    private static final Instant AT = Instant.parse("2026-11-21T12:00:00Z");

    private static Evidence evidence(String text) {
        var cell = new Evidence.Line(List.of(-3600L, -1800L, -10L, 60L, 120L), List.of(0.0, 1.0, 0.5, 20.0, 40.0));
        var others = new Evidence.Line(List.of(-1800L, 120L), List.of(0.5, 0.25));
        return new Evidence("worse", List.of(new Evidence.Signal(text, 0.5, 30, "%", 11.2, 1e-9)))
                .from(new Evidence.Source("Prometheus " + text, List.of(new Evidence.Query(text, "up{a=\"" + text))))
                .drawn(new Evidence.Traces(AT, 1, List.of(new Evidence.Trace(text, "%", cell, others),
                        new Evidence.Trace("latency", "s", cell, others))));
    }

    private static String page(Evidence evidence) {
        return new Renderer().text("parts/evidence", EvidenceCard.of(new VerdictReached(AT, CellId.of("c1"),
                AttemptId.of("r1.c1.deploy.1"), ProductVersion.of("1.0"), Verdict.HARMFUL, 240, evidence), AT));
    }

    @Test
    void drawsTheSignalAroundTheChangeBesideTheCellsThatWereNotChanged() {
        var charts = EvidenceChart.all(evidence("errors"), "harmful");
        assertEquals(1, charts.size(), "a trace without a figure is not drawn");
        var chart = charts.getFirst();
        assertEquals("errors, %: 0.5 before, 30 since the change; z +11.2; over all signals: harmful", chart.spoken());
        assertTrue(chart.bad());
        assertEquals("M52.0 118.0L196.0 115.8L339.2 116.9", chart.before());
        assertEquals("M484.0 74.8L628.0 31.6", chart.after());
        assertEquals(340, chart.middle());
        assertEquals(List.of("60 min before", "2 min since"), List.of(chart.longBefore(), chart.longAfter()));
        assertEquals(new EvidenceChart.Row("+2 min", "40", "0.25"), chart.rows().getLast());
        assertEquals(new EvidenceChart.Row("+60 s", "20", ""), chart.rows().get(3));
        var page = page(evidence("errors"));
        assertTrue(page.contains("class=\"chart-after\" d=\"M484.0 74.8L628.0 31.6\""), page);
        assertFalse(page.contains("<script"), "no script is needed");
    }

    @Test
    void speaksOfADashedLineOnlyUnderAChartThatHasOne() {
        var drawn = evidence("errors");
        var page = page(drawn);
        assertTrue(page.contains("dashed: cells that were not changed, together"), page);
        assertTrue(page.contains("class=\"chart-others\"") && page.contains("Cells not changed"), page);

        var alone = new Evidence.Line(List.of(), List.of());
        var trace = drawn.traces().orElseThrow().traces().getFirst();
        page = page(drawn.drawn(new Evidence.Traces(AT, 0,
                List.of(new Evidence.Trace(trace.signal(), trace.unit(), trace.cell(), alone)))));
        assertTrue(page.contains("class=\"chart-after\""), page);
        assertFalse(page.toLowerCase(java.util.Locale.ROOT).contains("dashed"), page);
        assertFalse(page.contains("chart-others") || page.contains("ells not changed"), "nor an empty column: " + page);
    }

    @Test
    void tellsWhatItsFiguresAreCountedFrom() {
        assertTrue(page(evidence("errors")).contains("240 requests since the deployment"), page(evidence("errors")));
    }

    @Test
    void namesStayTextAndVerdictsOfOlderLogsHaveNoChart() {
        var page = page(evidence(HOSTILE));
        assertTrue(page.contains("&lt;script>alert(1)") || page.contains("&lt;script&gt;alert(1)"), page);
        assertFalse(page.contains("<script") || page.contains("<img"), page);
        assertFalse(page(Evidence.of("as it was")).contains("chart signal"), "nothing to draw");
    }
}
