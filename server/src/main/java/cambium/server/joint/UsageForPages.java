package cambium.server.joint;

import cambium.server.access.Actor;
import cambium.server.pages.UsageReads;
import cambium.server.repository.RepositoryName;
import cambium.server.repository.RepositoryReader;
import cambium.server.repository.statistics.SeriesInterval;
import cambium.server.repository.statistics.UsageQuery;
import cambium.server.repository.statistics.UsageReader;
import cambium.server.repository.statistics.UsageSubject;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;

/// Downloads and installs as the pages read them.
public final class UsageForPages implements UsageReads {
    private static final DateTimeFormatter KEY = DateTimeFormatter.ofPattern("yyyyMMdd'Z'", Locale.ROOT);

    private final RepositoryReader reader;
    private final UsageReader usage;
    private final InstantSource clock;

    public UsageForPages(RepositoryReader reader, UsageReader usage, InstantSource clock) {
        this.reader = reader;
        this.usage = usage;
        this.clock = clock;
    }

    @Override
    public Usage downloads(long number, Span span) {
        return new Usage(usage.downloads(number),
                points(usage.series(new UsageSubject.OfPackage(number), query(span), interval(span))));
    }

    @Override
    public Usage downloads(Actor actor, String owner, String name, String suite, Span span) {
        return subject(actor, owner, name, suite).map(subject -> {
            List<Point> points = points(usage.downloads(subject, query(span), interval(span)));
            return new Usage(points.stream().mapToLong(Point::count).sum(), points);
        }).orElse(new Usage(0, List.of()));
    }

    @Override
    public Usage installs(Actor actor, String owner, String name, String suite, Span span) {
        return subject(actor, owner, name, suite)
                .map(subject -> new Usage(usage.installs(subject.repositoryId()),
                        points(usage.series(subject, query(span), interval(span)))))
                .orElse(new Usage(0, List.of()));
    }

    @Override
    public List<TokenUse> tokens(Actor actor, String owner, String name, Span span, int most) {
        return subject(actor, owner, name, "").map(subject ->
                usage.downloadsByToken(subject.repositoryId(), query(span), most).stream().map(use -> {
                    String master = use.master().orElse("a revoked master token");
                    return use.read().map(read -> new TokenUse(read, master, use.downloads()))
                            .orElse(new TokenUse(master, "", use.downloads()));
                }).toList()).orElse(List.of());
    }

    private Optional<UsageSubject.OfRepository> subject(Actor actor, String owner, String name, String suite) {
        String[] parts = suite.split("/", 2);
        return RepositoryName.of(owner, name).flatMap(reader::repository)
                .filter(stored -> reader.shows(actor, stored))
                .map(stored -> new UsageSubject.OfRepository(stored.id(),
                        Optional.of(parts[0]).filter(text -> !text.isEmpty()),
                        parts.length == 2 ? Optional.of(parts[1]) : Optional.empty()));
    }

    /// Until now, and back to the beginning of the first step.
    private UsageQuery query(Span span) {
        Instant now = clock.instant();
        LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
        LocalDate first = switch (span) {
            case MONTH -> today.minusDays(29);
            case QUARTER -> today.minusWeeks(12);
            case YEAR -> today.minusMonths(11).withDayOfMonth(1);
        };
        return UsageQuery.between(first.atStartOfDay(ZoneOffset.UTC).toInstant(), now.plusSeconds(1));
    }

    private static SeriesInterval interval(Span span) {
        return switch (span) {
            case MONTH -> SeriesInterval.DAILY;
            case QUARTER -> SeriesInterval.WEEKLY;
            case YEAR -> SeriesInterval.MONTHLY;
        };
    }

    private static List<Point> points(SequencedMap<String, Long> series) {
        return series.entrySet().stream()
                .map(step -> new Point(LocalDate.parse(step.getKey(), KEY), step.getValue()))
                .toList();
    }
}
