package cambium.server.pages;

import java.util.ArrayList;
import java.util.List;

/// Where the dots of one ring stand: in as few concentric rows as give the largest dots, evenly around,
/// leaving the name plate at twelve o'clock free. Angles in radians, clockwise from twelve o'clock.
record Seats(List<Seat> list, double dot) {
    static final double SMALLEST_DOT = 2.6;
    private static final double LARGEST_DOT = 16.5;
    private static final double LARGEST_BARE_DOT = 13;
    private static final int MOST_ROWS = 12;

    record Seat(double radius, double angle) {}

    /// The annulus to fill: from `inner`, so broad as `width`; `plate` is half the width of the name plate, 0 if none.
    record Annulus(double inner, double width, double plate) {
        double middle() {
            return inner + width / 2;
        }

        /// Half the angle that the plate takes away at this radius; never more than a third of the circle.
        double gap(double radius, double dot) {
            return plate == 0 ? 0 : Math.asin(Math.min(0.86, (plate + dot) / radius));
        }
    }

    /// One row of broad seats, for cells that carry their names; nothing needs to keep clear of the plate.
    static Seats named(Annulus annulus, int count) {
        var seats = new ArrayList<Seat>();
        for (int place = 0; place < count; place++) {
            seats.add(new Seat(annulus.middle(), Math.PI * (2.0 * place + 1) / count));
        }
        return new Seats(seats, LARGEST_DOT);
    }

    /// At most `count` seats; fewer where even the smallest dots find no more room.
    static Seats bare(Annulus annulus, int count) {
        Seats best = inRows(annulus, count, 1);
        for (int rows = 2; rows <= MOST_ROWS && annulus.width() / rows * 0.36 >= SMALLEST_DOT; rows++) {
            Seats next = inRows(annulus, count, rows);
            boolean better = next.list.size() > best.list.size()
                    || next.list.size() == best.list.size() && next.dot > best.dot;
            best = better ? next : best;
        }
        return best;
    }

    private static Seats inRows(Annulus annulus, int count, int rows) {
        double pitch = annulus.width() / rows;
        double lengths = 0;
        for (int row = 0; row < rows; row++) {
            lengths += length(annulus, row, pitch, LARGEST_BARE_DOT);
        }
        double dot = Math.clamp(lengths / count / 2.5, SMALLEST_DOT, Math.min(LARGEST_BARE_DOT, pitch * 0.36));
        int room = 0;
        for (int row = 0; row < rows; row++) {
            room += (int) (length(annulus, row, pitch, dot) / (dot * 2.4));
        }
        int seated = Math.max(1, Math.min(count, room));
        return new Seats(filled(annulus, rows, pitch, dot, seated), dot);
    }

    private static List<Seat> filled(Annulus annulus, int rows, double pitch, double dot, int count) {
        double lengths = 0;
        for (int row = 0; row < rows; row++) {
            lengths += length(annulus, row, pitch, dot);
        }
        var seats = new ArrayList<Seat>();
        double passed = 0;
        for (int row = 0; row < rows; row++) {
            passed += length(annulus, row, pitch, dot);
            int until = row == rows - 1 ? count : (int) Math.round(count * passed / lengths);
            double radius = radius(annulus, row, pitch);
            double gap = annulus.gap(radius, dot);
            int around = until - seats.size();
            for (int place = 0; place < around; place++) {
                seats.add(new Seat(radius, gap + (2 * Math.PI - 2 * gap) * (place + 0.5) / around));
            }
        }
        return seats;
    }

    private static double radius(Annulus annulus, int row, double pitch) {
        return annulus.inner() + pitch * (row + 0.5);
    }

    private static double length(Annulus annulus, int row, double pitch, double dot) {
        double radius = radius(annulus, row, pitch);
        return radius * (2 * Math.PI - 2 * annulus.gap(radius, dot));
    }
}
