package cambium.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.demo.FleetView.CellView;
import cambium.demo.FleetView.RingView;
import cambium.demo.FleetView.VersionView;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

class TerminalScreenTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final ExampleFleet fleet = new ExampleFleet("", List.of(
            new DemoCell("canary", 0, 1), new DemoCell("qa", 0, 2), new DemoCell("cell-1", 2, 3)), 1);
    private final TerminalScreen screen = new TerminalScreen(
            new PrintStream(bytes, true, StandardCharsets.UTF_8), fleet,
            _ -> new Traffic.Count(new LongAdder(), new LongAdder()), false);

    private static Moment moment(String state) {
        return new Moment(new LinkedHashMap<>(Map.of("canary", "1.1.0")), new FleetView(
                List.of(new VersionView("1.1.0", "rolling", false, "")),
                List.of(new RingView(0, state, Optional.of("1.1.0"), "needs 12 more samples of canary")),
                List.of(new CellView("canary", 0, state, Optional.of("1.1.0"), Optional.empty(), "healthy", ""))));
    }

    @Test
    void drawsTheTable() {
        screen.show("1.1.0 goes to every ring", moment("baking"));

        assertEquals("""
                  version 1.1.0: rolling
                  ring 0: baking 1.1.0

                1.1.0 goes to every ring
                RING  CELL     ANSWERS  STATE         HEALTH    GOOD PAGES  ERRORS
                0     canary   1.1.0    baking        healthy            0       0
                      qa       -                                         0       0
                ----- perimeter: only graduated versions pass ----------------------------
                2     cell-1   -                                         0       0
                ring 0: needs 12 more samples of canary
                """, bytes.toString(StandardCharsets.UTF_8).replaceAll("\u001b\\[[0-9]*[A-Z]", ""));
    }

    @Test
    void drawsOverWhatItDrew() {
        screen.show("one", moment("baking"));
        bytes.reset();
        screen.show("two", moment("baking"));

        String second = bytes.toString(StandardCharsets.UTF_8);
        assertTrue(second.startsWith("\u001b[8A\r"), second);
        assertEquals(8, second.lines().filter(line -> line.contains("\u001b[K")).count());
    }

    @Test
    void staysWithinEightyColumns() {
        screen.show("y".repeat(300), moment("baking"));

        assertTrue(bytes.toString(StandardCharsets.UTF_8).lines()
                .allMatch(line -> line.replaceAll("\u001b\\[[0-9]*[A-Z]|\r", "").length() < 80));
    }
}
