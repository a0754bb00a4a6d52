package cambium.server.webhook;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

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

    /// What a webhook is to be told next.
    ///
    /// @param about the fields of the delivery beside its events
    /// @param last number of the last event that was looked at; a later telling begins after it
    record Told(Map<String, Object> about, List<?> events, long last) {
        public Told {
            events = List.copyOf(events);
        }
    }

    /// An expression: the number of the first event that a webhook made now is told.
    String nextNumber();

    /// A condition on a row `w` of `webhook`: it is of this log, and has not been told all of it.
    String due();

    /// Events from that number on, in order.
    ///
    /// @param kinds those that are told; empty: all
    /// @param limit of events that are told
    Told from(Owner owner, long number, Set<String> kinds, int limit);
}
