package cambium.server.fleet.postgres;

import cambium.rollout.LogFlaw;
import cambium.server.fleet.FleetStore;
import cambium.server.fleet.RecordedEvent;
import cambium.server.fleet.json.FleetJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.Record;

/// Some neighbouring rows of the log, each held against the hash that stands in the one before it: neither a changed
/// event nor a missing one goes unseen. A changed event that cannot be read is left out of `events`.
///
/// @param upTo the number of the last row; that of the row before where there is none
/// @param hash that stands in it
record LogRows(List<RecordedEvent> events, List<LogFlaw> flaws, long upTo, String hash) {
    /// The first one always, however large it is. Lengths are known without reading what is long.
    private static final String PAGE = """
            select number, body, hash from (
                select number, body, hash, sum(octet_length(body)) over (order by number) - octet_length(body) as before
                from (select number, body, hash from fleet_event where number > ? order by number limit ?) as next
            ) as measured where before < ? order by number""";
    /// Stands for the hash before a row whose neighbour is missing.
    private static final String UNKNOWN = "";

    static LogRows after(DSLContext sql, long after, int limit) {
        return after(sql, after, hashOf(sql, after), limit);
    }

    static LogRows after(DSLContext sql, long after, String hashBefore, int limit) {
        var events = new ArrayList<RecordedEvent>();
        var flaws = new ArrayList<LogFlaw>();
        var number = after;
        var hash = hashBefore;
        for (var row : sql.fetch(PAGE, after, limit, FleetStore.MAX_BYTES_PER_READ)) {
            var here = row.get("number", Long.class);
            if (here > number + 1) {
                flaws.add(missing(number + 1, here - 1));
                hash = UNKNOWN;
            }
            var flaw = flaw(row, hash);
            flaw.ifPresent(flaws::add);
            event(row, flaw.isPresent()).ifPresent(events::add);
            number = here;
            hash = row.get("hash", String.class);
        }
        return new LogRows(List.copyOf(events), List.copyOf(flaws), number, hash);
    }

    /// Whether the log is still flawed in just this way.
    static boolean holds(DSLContext sql, LogFlaw flaw) {
        return after(sql, flaw.number() - 1, 1).flaws().stream().anyMatch(flaw::same);
    }

    private static String hashOf(DSLContext sql, long number) {
        return number <= 0 ? FleetJson.FIRST_HASH : Optional.ofNullable(
                sql.fetchOne("select hash from fleet_event where number = ?", number))
                .map(row -> row.get("hash", String.class)).orElse(UNKNOWN);
    }

    private static LogFlaw missing(long first, long last) {
        return new LogFlaw(first, "missing up to " + last, "is missing"
                + (last > first ? ", with all up to event " + last : ""));
    }

    static Optional<LogFlaw> flaw(Record row, String hashBefore) {
        var counted = FleetJson.hash(hashBefore, row.get("body", String.class));
        return hashBefore.equals(UNKNOWN) || counted.equals(row.get("hash", String.class)) ? Optional.empty()
                : Optional.of(new LogFlaw(row.get("number", Long.class), counted, "was changed: its hash is not that "
                + "of its text and the event before"));
    }

    private static Optional<RecordedEvent> event(Record row, boolean flawed) {
        try {
            return Optional.of(new RecordedEvent(row.get("number", Long.class),
                    FleetJson.event(row.get("body", String.class)), row.get("hash", String.class)));
        } catch (IllegalStateException unreadable) {
            if (flawed) {
                return Optional.empty();
            }
            throw unreadable;
        }
    }
}
