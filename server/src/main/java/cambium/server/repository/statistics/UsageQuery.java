package cambium.server.repository.statistics;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Which events count: from `from` (inclusive) until `to` (exclusive); only with these tokens, by name or value,
/// with a user agent that contains this text in any case, and of this source, where given.
public record UsageQuery(Instant from, Instant to, Optional<String> masterToken, Optional<String> readToken,
    Optional<String> userAgent, Optional<Fetch.Source> source) {

    private static final String MASTER_TOKEN = " and (master_token = ? or master_token_id in (select m.id from "
        + "master_token m where m.name = ? or m.sha256 = sha256(convert_to(?, 'UTF8'))))";
    private static final String READ_TOKEN = " and (read_token = ? or (read_token, master_token_id) in (select r.name, "
        + "r.master_token_id from read_token r where r.sha256 = sha256(convert_to(?, 'UTF8'))))";

    public static UsageQuery between(Instant from, Instant to) {
        return new UsageQuery(from, to, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    String condition() {
        return " and at >= ?::timestamptz and at < ?::timestamptz"
            + masterToken.map(_ -> MASTER_TOKEN).orElse("")
            + readToken.map(_ -> READ_TOKEN).orElse("")
            + userAgent.map(_ -> " and position(lower(?) in lower(user_agent)) > 0").orElse("")
            + source.map(_ -> " and source = ?").orElse("");
    }

    List<Object> values() {
        var values = new ArrayList<Object>(List.of(from, to));
        masterToken.ifPresent(token -> values.addAll(List.of(token, token, token)));
        readToken.ifPresent(token -> values.addAll(List.of(token, token)));
        userAgent.ifPresent(values::add);
        source.map(Fetch.Source::text).ifPresent(values::add);
        return values;
    }
}
