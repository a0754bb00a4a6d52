package cambium.server.pages;

import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A series as bars in a box of its own units, with lines to read heights by and a table for who does not see it.
public record SeriesChart(
        String id, String title, String spoken, List<Bar> bars, List<Line> lines, List<Label> labels, List<Row> rows) {
    static final double WIDTH = 640;
    static final double HEIGHT = 180;
    private static final double LEFT = 44;
    private static final double RIGHT = 18;
    private static final double TOP = 10;
    private static final double BOTTOM = 24;
    private static final int MOST_LABELS = 7;
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d MMM", Locale.ENGLISH);
    private static final DateTimeFormatter MONTH = DateTimeFormatter.ofPattern("MMM yyyy", Locale.ENGLISH);
    private static final DateTimeFormatter FULL = DateTimeFormatter.ofPattern("d MMM yyyy", Locale.ENGLISH);

    public record Bar(double x, double y, double width, double height, String title) {}

    /// A level line with its number.
    public record Line(double y, String text) {}

    public record Label(double x, String text) {}

    public record Row(String step, String count) {}

    public boolean isEmpty() {
        return bars.stream().allMatch(bar -> bar.height() == 0);
    }

    public double width() {
        return WIDTH;
    }

    public double height() {
        return HEIGHT;
    }

    public double left() {
        return LEFT;
    }

    public double floor() {
        return HEIGHT - BOTTOM;
    }

    static SeriesChart of(String id, String title, UsageReads.Usage usage, UsageReads.Span span) {
        List<UsageReads.Point> points = usage.points();
        long top = roof(points.stream().mapToLong(UsageReads.Point::count).max().orElse(0));
        double room = HEIGHT - TOP - BOTTOM;
        double step = (WIDTH - LEFT - RIGHT) / Math.max(1, points.size());
        var bars = new ArrayList<Bar>();
        var labels = new ArrayList<Label>();
        var rows = new ArrayList<Row>();
        int every = Math.max(1, (points.size() + MOST_LABELS - 1) / MOST_LABELS);
        for (int i = 0; i < points.size(); i++) {
            UsageReads.Point point = points.get(i);
            double height = point.count() == 0 ? 0 : Math.max(1.5, room * point.count() / top);
            String when = named(point.from(), span);
            bars.add(new Bar(round(LEFT + i * step + step * 0.14), round(HEIGHT - BOTTOM - height),
                    round(step * 0.72), round(height), when + ": " + Words.number(point.count())));
            rows.add(new Row(when, Words.number(point.count())));
            if ((points.size() - 1 - i) % every == 0) {
                labels.add(new Label(round(LEFT + (i + 0.5) * step), axis(point.from(), span)));
            }
        }
        return new SeriesChart(id, title, title + ", " + Words.number(usage.inSpan()) + " in " + span.length(), bars,
                lines(top, room), labels, rows.reversed());
    }

    private static List<Line> lines(long top, double room) {
        var lines = new ArrayList<Line>();
        for (int part = 0; part <= 2; part++) {
            lines.add(new Line(round(TOP + room - room * part / 2), shortened(top * part / 2)));
        }
        return lines;
    }

    /// The least even number of the form 2, 4, 10 times a power of ten that is not below.
    static long roof(long most) {
        for (long power = 1; ; power *= 10) {
            for (long factor : new long[] {2, 4, 10}) {
                if (factor * power >= most) {
                    return factor * power;
                }
            }
        }
    }

    private static String shortened(long number) {
        if (number >= 1_000_000) {
            return number / 1_000_000 + (number % 1_000_000 >= 500_000 ? ".5" : "") + " M";
        }
        return number >= 10_000 ? number / 1_000 + " k" : Words.number(number);
    }

    private static String named(LocalDate day, UsageReads.Span span) {
        return switch (span) {
            case MONTH -> FULL.format(day);
            case QUARTER -> "week of " + FULL.format(day);
            case YEAR -> MONTH.format(day);
        };
    }

    private static String axis(LocalDate day, UsageReads.Span span) {
        return span == UsageReads.Span.YEAR ? MONTH.format(day) : DAY.format(day);
    }

    private static double round(double value) {
        return Math.round(value * 10) / 10.0;
    }
}
