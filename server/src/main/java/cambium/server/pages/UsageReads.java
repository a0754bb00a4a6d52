package cambium.server.pages;

import cambium.server.access.Actor;
import java.time.LocalDate;
import java.util.List;

/// What the pages read of downloads and installs. For what the actor may not read, everything is nought.
public interface UsageReads {
    /// The downloads of one package, which the actor has found; `number` is that of its [RepositoryReads.PackageLine].
    Usage downloads(long number, Span span);

    /// The downloads of all packages of a repository; `suite` is a distribution, one with its codename, or empty.
    Usage downloads(Actor actor, String owner, String name, String suite, Span span);

    /// How often machines were set up to use a repository.
    Usage installs(Actor actor, String owner, String name, String suite, Span span);

    /// With which tokens of a repository most was fetched, at most so many.
    List<TokenUse> tokens(Actor actor, String owner, String name, Span span, int most);

    /// How far back a series goes, and in which steps.
    enum Span {
        MONTH("month", "30 days", "day"), QUARTER("quarter", "13 weeks", "week"), YEAR("year", "12 months", "month");

        private final String word;
        private final String length;
        private final String step;

        Span(String word, String length, String step) {
            this.word = word;
            this.length = length;
            this.step = step;
        }

        String word() {
            return word;
        }

        /// `30 days`.
        String length() {
            return length;
        }

        /// `day`.
        public String step() {
            return step;
        }

        static Span of(String word) {
            for (Span span : values()) {
                if (span.word.equals(word)) {
                    return span;
                }
            }
            return MONTH;
        }
    }

    /// `everSince` counts all that ever were, where that is known, and else those in `points`.
    record Usage(long everSince, List<Point> points) {
        public Usage {
            points = List.copyOf(points);
        }

        long inSpan() {
            return points.stream().mapToLong(Point::count).sum();
        }
    }

    /// Downloads with one token, named as the page of tokens has it; `below` is the master token of a read token.
    record TokenUse(String name, String below, long downloads) {}

    /// What was counted in the step that begins on this day, in UTC.
    record Point(LocalDate from, long count) {}
}
