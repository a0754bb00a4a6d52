package cambium.server.pages;

import java.util.List;
import java.util.Optional;

/// The fleet as concentric rings, ready to be written as SVG: all lengths in units of the view box,
/// rounded to a tenth. `size` is the side of the square view box, its centre at `middle`, `font` the size of letters.
public record RingDrawing(
        double size,
        double middle,
        double pith,
        double font,
        String description,
        List<Band> bands,
        Optional<Perimeter> perimeter,
        List<Dot> dots) {

    public RingDrawing {
        bands = List.copyOf(bands);
        dots = List.copyOf(dots);
    }

    /// One ring as an annulus: a circle of `radius` drawn with a stroke of `width`. `grown` is the share, in percent,
    /// of its cells that run the target version and are well; `look` the look of that target.
    public record Band(
            int ring,
            double radius,
            double width,
            double outer,
            double grown,
            String look,
            String tone,
            boolean braked,
            Optional<Plate> plate) {}

    /// The name plate of a ring, on its outer line at twelve o'clock.
    public record Plate(String text, double x, double y, double width, double height, double baseline) {}

    /// The line that only graduated versions cross; its label is written along `labelPath` on a plate
    /// bent likewise, or empty where rings are too thin for it.
    public record Perimeter(double radius, String text, String labelPath, String platePath) {}

    /// One cell, or `count` cells that look alike where a ring holds more than can be drawn one by one.
    public record Dot(
            String id,
            String href,
            double x,
            double y,
            double radius,
            String outline,
            String look,
            String grain,
            String state,
            String tone,
            String glyph,
            Label label,
            String spoken,
            int count) {}

    /// What is written at a dot: always, or only while it is pointed at or focused. `x` is where the text is centred.
    public record Label(String name, String version, boolean always, double x, double first, double second) {}
}
