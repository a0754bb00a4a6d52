package cambium.server.fleet.observe;

import cambium.rollout.CellId;
import cambium.rollout.health.HealthSample;
import cambium.server.sql.Database;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import java.util.TreeMap;

/// Keeps samples in the table `fleet_sample`. A row that cannot be read is passed over: it is one reading less.
public final class PostgresSamples implements Samples {
    private static final int MAX_SAMPLES_PER_READ = 10_000;
    private static final ObjectMapper TREES = JsonMapper.builder().build();

    private final Database database;

    public PostgresSamples(Database database) {
        this.database = database;
    }

    @Override
    public void add(String source, SequencedMap<CellId, HealthSample> samples) {
        if (samples.isEmpty()) {
            return;
        }
        var rows = samples.entrySet().stream()
                .map(entry ->
                    new Object[] {entry.getKey().toString(), at(entry.getValue().at()),
                            text(source, entry.getValue())})
                .toArray(Object[][]::new);
        database.transact(sql -> sql.batch("insert into fleet_sample (cell, at, body) values (?, ?::timestamptz, ?) "
                + "on conflict do nothing", rows).execute());
    }

    @Override
    public List<HealthSample> since(String source, CellId cell, Instant from) {
        return database.read(sql -> {
            var found = new ArrayList<HealthSample>();
            for (var row : sql.fetch("select at, body from fleet_sample where cell = ? and at >= ?::timestamptz "
                    + "order by at limit ?", cell.toString(), at(from), MAX_SAMPLES_PER_READ)) {
                read(source, row.get("at", OffsetDateTime.class).toInstant(), row.get("body", String.class), found);
            }
            return found;
        });
    }

    @Override
    public void thin(Instant from, Instant to, Duration spacing) {
        database.transact(sql -> sql.execute("delete from fleet_sample gone using (select cell, at, row_number() over "
                + "(partition by cell, div(extract(epoch from at)::numeric, ?::numeric) order by at) as place "
                + "from fleet_sample where at >= ?::timestamptz and at < ?::timestamptz) placed "
                + "where gone.cell = placed.cell and gone.at = placed.at and placed.place > 1",
                Long.toString(spacing.toSeconds()), at(from), at(to)));
    }

    @Override
    public void forgetBefore(Instant instant) {
        database.transact(sql -> sql.execute("delete from fleet_sample where at < ?::timestamptz", at(instant)));
    }

    private static String at(Instant instant) {
        return instant.toString();
    }

    /// The bound of the last bucket is endless, which JSON cannot say: null stands for it.
    private static String text(String source, HealthSample sample) {
        var object = JsonNodeFactory.instance.objectNode();
        if (!source.isEmpty()) {
            object.put("source", source);
        }
        object.put("requests", sample.requests());
        object.put("errors", sample.errors());
        var bounds = object.putArray("bounds");
        var counts = object.putArray("counts");
        for (var bucket : sample.latencies()) {
            if (Double.isInfinite(bucket.upperSeconds())) {
                bounds.addNull();
            } else {
                bounds.add(bucket.upperSeconds());
            }
            counts.add(bucket.count());
        }
        sample.saturation().ifPresent(share -> object.put("saturation", share));
        sample.own().forEach((name, ratio) -> object.withObject("/own").putArray(name).add(ratio.bad())
                .add(ratio.all()));
        return object.toString();
    }

    private static void read(String source, Instant at, String text, List<HealthSample> into) {
        try {
            var object = TREES.readTree(text);
            if (!object.path("source").asText("").equals(source)) {
                return;
            }
            var buckets = new ArrayList<HealthSample.Bucket>();
            for (var i = 0; i < object.path("bounds").size(); i++) {
                JsonNode bound = object.get("bounds").get(i);
                buckets.add(new HealthSample.Bucket(bound.isNull() ? Double.POSITIVE_INFINITY : bound.asDouble(),
                        object.path("counts").path(i).asDouble(Double.NaN)));
            }
            var share = object.path("saturation");
            var own = new TreeMap<String, HealthSample.Ratio>();
            object.path("own").properties().forEach(each -> own.put(each.getKey(), new HealthSample.Ratio(
                    each.getValue().path(0).asDouble(Double.NaN), each.getValue().path(1).asDouble(Double.NaN))));
            into.add(new HealthSample(at, object.path("requests").asDouble(Double.NaN),
                    object.path("errors").asDouble(Double.NaN), buckets,
                    share.isNumber() ? OptionalDouble.of(share.asDouble()) : OptionalDouble.empty(), own));
        } catch (JsonProcessingException unreadable) {
            return;
        }
    }
}
