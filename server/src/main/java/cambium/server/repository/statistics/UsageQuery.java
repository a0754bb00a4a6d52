package cambium.server.repository.statistics;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Which events count: from `from` (inclusive) until `to` (exclusive); only with these tokens, by name, with a user
/// agent that contains this text in any case, and of this source, where given.
public record UsageQuery(Instant from, Instant to, Optional<String> masterToken, Optional<String> readToken,
    Optional<String> userAgent, Optional<Fetch.Source> source) {

    public static UsageQuery between(Instant from, Instant to) {
        return new UsageQuery(from, to, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    String condition() {
        return " and at >= ?::timestamptz and at < ?::timestamptz"
            + masterToken.map(_ -> " and master_token = ?").orElse("")
            + readToken.map(_ -> " and read_token = ?").orElse("")
            + userAgent.map(_ -> " and position(lower(?) in lower(user_agent)) > 0").orElse("")
            + source.map(_ -> " and source = ?").orElse("");
    }

    List<Object> values() {
        var values = new ArrayList<Object>(List.of(from, to));
        masterToken.ifPresent(values::add);
        readToken.ifPresent(values::add);
        userAgent.ifPresent(values::add);
        source.map(Fetch.Source::text).ifPresent(values::add);
        return values;
    }
}
