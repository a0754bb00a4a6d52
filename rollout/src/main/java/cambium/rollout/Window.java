package cambium.rollout;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Optional;
import java.util.Set;
import org.dmfs.rfc5545.DateTime;
import org.dmfs.rfc5545.recur.Freq;
import org.dmfs.rfc5545.recur.InvalidRecurrenceRuleException;
import org.dmfs.rfc5545.recur.RecurrenceRule;
import org.dmfs.rfc5545.recur.RecurrenceRuleIterator;

/// A stretch of time, once or repeated by a rule of RFC 5545, in the local time of a zone. The rule runs on local time
/// and each of its days is then placed in the zone: a time that a change of clocks skips is read with the offset before
/// it, one that comes twice means the first. Whole days of the length are calendar days, the rest is exact.
///
/// @param from when it begins for the first time; gives the time of day of every repetition
/// @param repeat a rule such as `FREQ=WEEKLY;BYDAY=MO,TU`; `UNTIL` is local, too
public record Window(ZoneId zone, LocalDateTime from, Duration length, Optional<String> repeat, Optional<String> why) {
    static final Duration MAX_LENGTH = Duration.ofDays(366);
    static final Duration MAX_REPEATED_LENGTH = Duration.ofDays(31);
    private static final Set<Freq> FREQUENCIES = Set.of(Freq.DAILY, Freq.WEEKLY, Freq.MONTHLY, Freq.YEARLY);
    /// Local and absolute time differ by less than this, whatever the zone.
    private static final Duration SLACK = Duration.ofDays(2);

    public Window {
        var most = repeat.isPresent() ? MAX_REPEATED_LENGTH : MAX_LENGTH;
        if (length.compareTo(Duration.ofMinutes(1)) < 0 || length.compareTo(most) > 0) {
            throw new IllegalArgumentException("for is " + length + ", must be from 1 minute to " + most.toDays()
                    + " days");
        }
        repeat.ifPresent(rule -> occurrences(rule(rule), from, from));
        why = why.map(text -> Grammar.text("why", text));
    }

    /// Until when the time at an instant is covered, if it is.
    Optional<Instant> coveredUntil(Instant at) {
        var last = Optional.<Instant>empty();
        var first = local(at).minus(length).minus(SLACK);
        for (var starts = starts(first); starts.hasNext();) {
            var start = starts.next();
            if (instant(start).isAfter(at)) {
                return last;
            }
            var end = start.plusDays(length.toDays()).plus(length.minusDays(length.toDays())).toInstant();
            if (end.isAfter(at) && last.filter(end::isBefore).isEmpty()) {
                last = Optional.of(end);
            }
        }
        return last;
    }

    /// When it begins next, after an instant.
    Optional<Instant> nextStart(Instant after) {
        for (var starts = starts(local(after).minus(SLACK)); starts.hasNext();) {
            var start = instant(starts.next());
            if (start.isAfter(after)) {
                return Optional.of(start);
            }
        }
        return Optional.empty();
    }

    private LocalDateTime local(Instant at) {
        return LocalDateTime.ofInstant(at, zone);
    }

    private static Instant instant(ZonedDateTime time) {
        return time.toInstant();
    }

    private interface Starts {
        boolean hasNext();

        ZonedDateTime next();
    }

    /// The beginnings from a local time on, in order.
    private Starts starts(LocalDateTime first) {
        var days = repeat.map(rule -> occurrences(rule(rule), from, first));
        return new Starts() {
            private boolean told;

            @Override
            public boolean hasNext() {
                return days.map(RecurrenceRuleIterator::hasNext).orElse(!told);
            }

            @Override
            public ZonedDateTime next() {
                told = true;
                return ZonedDateTime.ofLocal(days.map(each -> local(each.nextDateTime())).orElse(from), zone, null);
            }
        };
    }

    private static LocalDateTime local(DateTime day) {
        return LocalDateTime.of(day.getYear(), day.getMonth() + 1, day.getDayOfMonth(), day.getHours(),
                day.getMinutes(), day.getSeconds());
    }

    private static DateTime floating(LocalDateTime time) {
        return new DateTime(time.getYear(), time.getMonthValue() - 1, time.getDayOfMonth(), time.getHour(),
                time.getMinute(), time.getSecond());
    }

    private static RecurrenceRuleIterator occurrences(RecurrenceRule rule, LocalDateTime from, LocalDateTime first) {
        try {
            var days = rule.iterator(floating(from));
            if (first.isAfter(from)) {
                days.fastForward(floating(first));
            }
            days.hasNext();
            return days;
        } catch (IllegalArgumentException never) {
            throw new IllegalArgumentException("repeat '" + rule + "' cannot be followed from " + from + ": "
                    + never.getMessage());
        }
    }

    private static RecurrenceRule rule(String text) {
        try {
            var rule = new RecurrenceRule(text, RecurrenceRule.RfcMode.RFC5545_STRICT);
            boolean timed = rule.hasPart(RecurrenceRule.Part.BYHOUR) || rule.hasPart(RecurrenceRule.Part.BYMINUTE)
                    || rule.hasPart(RecurrenceRule.Part.BYSECOND);
            if (!FREQUENCIES.contains(rule.getFreq()) || timed) {
                throw new IllegalArgumentException("repeat '" + text + "' must be daily, weekly, monthly or yearly;"
                        + " the time of day is that of 'from'");
            }
            return rule;
        } catch (InvalidRecurrenceRuleException | DateTimeException wrong) {
            throw new IllegalArgumentException("repeat '" + text + "' is not a recurrence rule of RFC 5545: "
                    + wrong.getMessage());
        }
    }

    @Override
    public String toString() {
        return "from " + from + " " + zone + " for " + length + repeat.map(rule -> ", " + rule).orElse("")
                + why.map(text -> " (" + text + ")").orElse("");
    }
}
