package cambium.server.pages;

import cambium.server.access.Actor;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.IntStream;

/// Figures that rise and fall with the week, always the same.
final class ExampleUsage implements UsageReads {
    @Override
    public Usage downloads(long number, Span span) {
        return rising(40, span);
    }

    @Override
    public Usage downloads(Actor actor, String owner, String name, String suite, Span span) {
        return rising(900, span);
    }

    @Override
    public Usage installs(Actor actor, String owner, String name, String suite, Span span) {
        return rising(7, span);
    }

    @Override
    public List<TokenUse> tokens(Actor actor, String owner, String name, Span span, int most) {
        return List.of(new TokenUse("host-17", "fleet", 4_120), new TokenUse("<b>host</b>", "fleet", 980),
                new TokenUse("default", "", 12));
    }

    private static Usage rising(int most, Span span) {
        int steps = switch (span) {
            case MONTH -> 30;
            case QUARTER -> 13;
            case YEAR -> 12;
        };
        LocalDate first = LocalDate.of(2026, 10, 23);
        List<Point> points = IntStream.range(0, steps)
                .mapToObj(i -> new Point(first.plusDays(i), (long) most * (i + 3) * (7 - i % 7) / (steps * 7)))
                .toList();
        return new Usage(12_345, points);
    }
}
