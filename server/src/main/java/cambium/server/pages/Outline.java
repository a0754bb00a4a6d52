package cambium.server.pages;

import java.util.Locale;

/// The outline of a cell by its kind, as an SVG path, so that kinds differ without colour:
/// canary a hexagon, main a rounded square, QA a diamond, every other a circle. All have about the same area.
final class Outline {
    private Outline() {}

    static String of(String kind, double x, double y, double radius) {
        return switch (kind) {
            case "canary" -> polygon(x, y, radius * 1.1, 6, 0);
            case "qa" -> polygon(x, y, radius * 1.22, 4, 0);
            case "main" -> square(x, y, radius * 0.92);
            default -> circle(x, y, radius);
        };
    }

    private static String polygon(double x, double y, double radius, int corners, double turn) {
        var path = new StringBuilder();
        for (int corner = 0; corner < corners; corner++) {
            double angle = turn + 2 * Math.PI * corner / corners;
            path.append(corner == 0 ? 'M' : 'L')
                    .append(point(x + radius * Math.cos(angle), y + radius * Math.sin(angle)));
        }
        return path.append('Z').toString();
    }

    private static String square(double x, double y, double half) {
        double corner = half * 0.4;
        double side = 2 * (half - corner);
        String turn = String.format(Locale.ROOT, "a%.1f %.1f 0 0 1 ", corner, corner);
        return "M" + point(x - half + corner, y - half)
                + "h" + number(side) + turn + point(corner, corner)
                + "v" + number(side) + turn + point(-corner, corner)
                + "h" + number(-side) + turn + point(-corner, -corner)
                + "v" + number(-side) + turn + point(corner, -corner) + "Z";
    }

    private static String circle(double x, double y, double radius) {
        String half = String.format(Locale.ROOT, "a%.1f %.1f 0 1 1 ", radius, radius);
        return "M" + point(x - radius, y) + half + point(2 * radius, 0) + half + point(-2 * radius, 0) + "Z";
    }

    private static String point(double x, double y) {
        return number(x) + " " + number(y);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
