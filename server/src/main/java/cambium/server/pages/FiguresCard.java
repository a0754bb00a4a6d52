package cambium.server.pages;

import cambium.rollout.DeliveryFigures;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Delivery figures in words: the four of DORA, and the exposure to versions that were found bad.
public record FiguresCard(int days, List<Figure> figures) {
    static final int DAYS = 30;

    public record Figure(String name, String value) {}

    static FiguresCard of(DeliveryFigures told) {
        var figures = new ArrayList<Figure>();
        figures.add(new Figure("Versions that every ring has", Integer.toString(told.completed())));
        figures.add(new Figure("Found bad", told.failed() + (told.failureShare().isEmpty() ? ""
                : " (" + Math.round(told.failureShare().getAsDouble() * 100) + " % of those settled)")));
        figures.add(new Figure("From start to every ring", middle(told.leadTime())));
        figures.add(new Figure("From start to graduation", middle(told.graduation())));
        figures.add(new Figure("From found bad to the last cell back", middle(told.restore())));
        figures.add(new Figure("Cells that ran what was found bad", told.exposedCells() == 0 ? "none"
                : told.exposedCells() + ", together for " + Words.length(told.exposure())));
        return new FiguresCard(told.days(), figures);
    }

    private static String middle(Optional<DeliveryFigures.Middle> figure) {
        return figure.map(known -> Words.length(known.median()) + " in the median, "
                + Words.length(known.worst()) + " at worst")
                .orElse("nothing to measure by yet");
    }
}
