package cambium.server.webhook;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;

/// A log of numbered events that webhooks are told of. It says in SQL what only the database can tell without a race.
public interface EventLog {
    /// Whose log it is; the field of a delivery that holds its name.
    record Owner(OptionalLong repository) {
        public static final Owner FLEET = new Owner(OptionalLong.empty());

        public static Owner ofRepository(long id) {
            return new Owner(OptionalLong.of(id));
        }

        /// As the column holds it: null where it is the fleet's.
        Long column() {
            return repository.isPresent() ? repository.getAsLong() : null;
        }
    }

    /// An event as people read it.
    ///
    /// @param who nobody where automation acted
    /// @param waits why what the event is about does not move now
    /// @param page where to look: a path on this server
    record Line(Instant at, String what, Optional<String> who, Optional<String> why, Optional<String> waits,
        String page) {}

    /// What a webhook is to be told next.
    ///
    /// @param about the fields of the delivery beside its events
    /// @param lines the events as people read them; made only when asked for
    /// @param last number of the last event that was looked at; a later telling begins after it
    record Told(Map<String, Object> about, List<?> events, Supplier<List<Line>> lines, long last) {
        public Told {
            events = List.copyOf(events);
        }
    }

    /// An expression: the number of the first event that a webhook made now is told.
    String nextNumber();

    /// A condition on a row `w` of `webhook`: it is of this log.
    String mine();

    /// The same, and that it has not been told all of it.
    String due();

    /// Part of the log, and what is told of it.
    ///
    /// @param first number to look at
    /// @param last number to look at
    /// @param kinds those that are told; empty: all
    /// @param limit of events that are told
    record Part(long first, long last, Set<String> kinds, int limit) {}

    /// Events of that part, in order.
    Told told(Owner owner, Part part);
}
