package cambium.server.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.server.pages.RingDrawing.Band;
import cambium.server.pages.RingDrawing.Dot;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RingLayoutTest {

    private static RingDrawing draw(FleetNow fleet) {
        return RingLayout.draw(fleet, Palette.of(fleet));
    }

    @Test
    void namesEveryCellOfASmallFleetAndMarksThePerimeterBehindItsRing() {
        RingDrawing drawing = draw(new FleetNow(ExampleFleet.tenCells()));

        assertEquals(10, drawing.dots().size());
        assertTrue(drawing.dots().stream().allMatch(dot -> dot.label().always()));
        assertEquals(List.of(0, 1, 2, 3), drawing.bands().stream().map(Band::ring).toList());
        assertEquals(drawing.bands().get(1).outer(), drawing.perimeter().orElseThrow().radius());
        assertTrue(drawing.bands().get(3).braked());
        assertFalse(drawing.bands().get(2).braked());
    }

    @Test
    void saysACellInOneSentence() {
        RingDrawing drawing = draw(new FleetNow(ExampleFleet.tenCells()));

        List<String> spoken = drawing.dots().stream().map(Dot::spoken).toList();
        assertTrue(spoken.contains("main, ring 1, version 1.3.0, baking, 4 min 12 s left"), spoken::toString);
        assertTrue(spoken.contains("cell-6, ring 3, version 1.1.0, unreachable, "
                + "1 graduated version behind for 2 h 01 min"), spoken::toString);
    }

    @Test
    void showsHowMuchOfARingRunsItsTargetAndIsWell() {
        List<Band> bands = draw(new FleetNow(ExampleFleet.tenCells())).bands();

        assertEquals(100, bands.get(0).grown());
        assertEquals(25, bands.get(2).grown());
        assertEquals(0, bands.get(3).grown());
    }

    @Test
    void keepsEveryDotInItsBandApartFromTheOthersWhateverTheSize() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        for (int round = 0; round < 60; round++) {
            int rings = 1 + random.nextInt(50);
            int cells = 1 + random.nextInt(random.nextBoolean() ? 20 : 500);
            RingDrawing drawing = draw(new FleetNow(ExampleFleet.of(rings, cells)));
            String where = rings + " rings of " + cells + " cells, seed " + seed;

            assertEquals(rings * cells, drawing.dots().stream().mapToInt(Dot::count).sum(), where);
            assertTrue(drawing.dots().size() <= Math.max(1200, 24 * rings), where);
            for (Dot dot : drawing.dots()) {
                double away = Math.hypot(dot.x() - drawing.middle(), dot.y() - drawing.middle());
                assertTrue(away + dot.radius() <= drawing.size() / 2, where);
                assertTrue(away - dot.radius() >= drawing.pith() - 1, where);
            }
            apart(drawing.dots(), where);
        }
    }

    private static void apart(List<Dot> dots, String where) {
        for (int i = 0; i < dots.size(); i++) {
            for (int j = i + 1; j < dots.size(); j++) {
                Dot one = dots.get(i);
                Dot other = dots.get(j);
                double between = Math.hypot(one.x() - other.x(), one.y() - other.y());
                assertTrue(between >= one.radius() + other.radius() - 0.5, () -> where + ": " + one + other);
            }
        }
    }

    @Test
    void drawsTheSameFleetTheSameWay() {
        assertEquals(draw(new FleetNow(ExampleFleet.of(7, 90))), draw(new FleetNow(ExampleFleet.of(7, 90))));
    }
}
