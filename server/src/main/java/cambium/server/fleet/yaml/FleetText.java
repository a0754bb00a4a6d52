package cambium.server.fleet.yaml;

import cambium.rollout.Bake;
import cambium.rollout.BehindLimit;
import cambium.rollout.CellSpec;
import cambium.rollout.FleetSpec;
import cambium.rollout.Measuring;
import cambium.rollout.Pace;
import cambium.rollout.RingPolicy;
import cambium.rollout.Schedule;
import cambium.rollout.Window;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/// The fields of a fleet under the names and in the words that `fleet.yaml` has for them, always in the same order. A
/// value is a text as it stands in the file, a list, or a mapping of further fields. What is exported is written from
/// them, and two fleets are compared by them, so neither can forget a field that the other knows.
public final class FleetText {
    private static final Map<Long, String> UNITS = units();

    private FleetText() {}

    /// What stands at the top of the file, without the rings.
    public static SequencedMap<String, Object> top(FleetSpec spec) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("fleet", YamlText.quoted(spec.name()));
        var product = new LinkedHashMap<String, Object>();
        product.put("repository", YamlText.quoted(spec.product().repository()));
        product.put("distribution", YamlText.quoted(spec.product().distribution()));
        product.put("packages", spec.product().packages().stream().map(YamlText::quoted).toList());
        fields.put("product", product);
        fields.put("perimeter", Integer.toString(spec.perimeter().value()));
        fields.put("graduate", word(spec.graduation()));
        fields.put("large-change", spec.largeChange().percent() + "%");
        if (spec.changeRest().asked()) {
            fields.put("change-rest", time(spec.changeRest().rest()));
        }
        if (!spec.rules().windows().equals(Schedule.DEFAULT)) {
            fields.put("windows", schedule(spec.rules().windows()));
        }
        if (!spec.measuring().equals(Measuring.DEFAULT)) {
            fields.put("measure", measuring(spec.measuring()));
        }
        return fields;
    }

    /// Every field of a policy, said outright: a later default changes nothing that was written down.
    public static SequencedMap<String, Object> policy(RingPolicy policy) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("at-once", YamlText.quoted(policy.atOnce().toString()));
        fields.put("canary-first", Integer.toString(policy.canaryFirst()));
        fields.put("bake", bake(policy.bake()));
        fields.put("qa", word(policy.qa()));
        fields.put("pdm", policy.cells().pdmGrace().isZero() ? word(policy.pdm())
                : fields("after", time(policy.cells().pdmGrace())));
        fields.put("tolerated-failures", Integer.toString(policy.toleratedFailures()));
        fields.put("mandatory", policy.mandatory().cells().stream().map(cell -> YamlText.quoted(cell.value()))
                .toList());
        fields.put("approval", policy.gates().approvers() == 0 ? "none"
                : fields("approvers", Integer.toString(policy.gates().approvers())));
        fields.put("retries", Integer.toString(policy.retries()));
        fields.put("timeout", time(policy.timeout()));
        fields.put("health", word(policy.health()));
        pace(policy.pace(), fields);
        fields.put("windows", schedule(policy.windows()));
        fields.put("supersede", word(policy.supersede()));
        fields.put("join-within", time(policy.cells().joinWithin()));
        fields.put("quarantine-after", Integer.toString(policy.cells().quarantineAfter()));
        fields.put("on-drift", word(policy.cells().onDrift()));
        fields.put("most-behind", policy.cells().mostBehind().<Object>map(FleetText::limit).orElse("none"));
        fields.put("deploy", word(policy.cells().kind()));
        return fields;
    }

    /// A cell. Its ring is not among its fields.
    public static SequencedMap<String, Object> cell(CellSpec cell) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("cell", YamlText.quoted(cell.cell().value()));
        fields.put("kind", word(cell.kind()));
        fields.put("driver", YamlText.quoted(cell.driver()));
        cell.health().ifPresent(address -> fields.put("health", YamlText.quoted(address)));
        cell.metrics().ifPresent(address -> fields.put("metrics", YamlText.quoted(address)));
        if (!cell.settings().isEmpty()) {
            var settings = new LinkedHashMap<String, Object>();
            cell.settings().forEach((name, value) -> settings.put(name, YamlText.quoted(value)));
            fields.put("settings", settings);
        }
        return fields;
    }

    private static SequencedMap<String, Object> bake(Bake bake) {
        var fields = fields("time", time(bake.time()), "samples", Long.toString(bake.samples()));
        fields.put("hotfix", bake.hotfix().<Object>map(lane -> fields("time", time(lane.time()), "samples",
                Long.toString(lane.samples()))).orElse("none"));
        return fields;
    }

    private static SequencedMap<String, Object> limit(BehindLimit limit) {
        var fields = new LinkedHashMap<String, Object>();
        limit.versions().ifPresent(most -> fields.put("versions", Integer.toString(most)));
        limit.time().ifPresent(most -> fields.put("time", time(most)));
        fields.put("then", word(limit.then()));
        return fields;
    }

    private static void pace(Pace pace, SequencedMap<String, Object> fields) {
        fields.put("start-rate", pace.startRate().map(Pace.StartRate::toString).orElse("none"));
        fields.put("back-off", fields("first", time(pace.backOff().first()), "most", time(pace.backOff().most())));
        fields.put("progress", pace.progress().<Object>map(progress -> fields("within", time(progress.within()),
                "then", progress.fail() ? "fail" : "page")).orElse("none"));
    }

    private static SequencedMap<String, Object> schedule(Schedule schedule) {
        var fields = new LinkedHashMap<String, Object>();
        var all = schedule.allow().isEmpty() ? schedule.deny() : schedule.allow();
        var zone = all.isEmpty() ? ZoneOffset.UTC : all.getFirst().zone();
        if (!all.isEmpty()) {
            fields.put("zone", YamlText.quoted(zone.getId()));
        }
        if (!schedule.allow().isEmpty()) {
            fields.put("allow", windows(schedule.allow(), zone));
        }
        if (!schedule.deny().isEmpty()) {
            fields.put("deny", windows(schedule.deny(), zone));
        }
        return fields;
    }

    private static List<Object> windows(List<Window> windows, ZoneId zone) {
        return windows.stream().<Object>map(window -> {
            var fields = new LinkedHashMap<String, Object>();
            if (!window.zone().equals(zone)) {
                fields.put("zone", YamlText.quoted(window.zone().getId()));
            }
            fields.put("from", YamlText.quoted(window.from().toString()));
            fields.put("for", time(window.length()));
            window.repeat().ifPresent(rule -> fields.put("repeat", YamlText.quoted(rule)));
            window.why().ifPresent(why -> fields.put("why", YamlText.quoted(why)));
            return fields;
        }).toList();
    }

    private static SequencedMap<String, Object> measuring(Measuring measuring) {
        var fields = new LinkedHashMap<String, Object>();
        measuring.server().ifPresent(address -> fields.put("prometheus", YamlText.quoted(address)));
        fields.put("label", YamlText.quoted(measuring.label()));
        fields.put("stale-after", time(measuring.staleAfter()));
        fields.put("scraped", YamlText.quoted(measuring.queries().scraped()));
        fields.put("requests", YamlText.quoted(measuring.queries().requests()));
        fields.put("errors", YamlText.quoted(measuring.queries().errors()));
        fields.put("latency", YamlText.quoted(measuring.queries().latency()));
        fields.put("saturation", YamlText.quoted(measuring.queries().saturation()));
        if (!measuring.own().isEmpty()) {
            fields.put("own", measuring.own().stream().<Object>map(own -> fields("signal",
                    YamlText.quoted(own.signal()), "bad", YamlText.quoted(own.bad()), "all",
                    YamlText.quoted(own.all()))).toList());
        }
        if (!measuring.shadow().isEmpty()) {
            fields.put("shadow", measuring.shadow().stream().map(YamlText::quoted).toList());
        }
        return fields;
    }

    private static SequencedMap<String, Object> fields(String... namesAndValues) {
        var fields = new LinkedHashMap<String, Object>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return fields;
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// In the largest unit that says it exactly: `90s`, `1d`.
    private static String time(Duration time) {
        if (time.isZero()) {
            return "0s";
        }
        return UNITS.entrySet().stream().filter(unit -> time.toMillis() % unit.getKey() == 0).findFirst()
                .map(unit -> time.toMillis() / unit.getKey() + unit.getValue()).orElseThrow();
    }

    private static Map<Long, String> units() {
        var units = new LinkedHashMap<Long, String>();
        units.put(86_400_000L, "d");
        units.put(3_600_000L, "h");
        units.put(60_000L, "m");
        units.put(1_000L, "s");
        units.put(1L, "ms");
        return units;
    }

    /// A value on one line, as the file would have it: `{time: 5m, samples: 100}`.
    public static String line(Object value) {
        return switch (value) {
            case Map<?, ?> fields -> fields.entrySet().stream().map(field -> field.getKey() + ": "
                    + line(field.getValue())).collect(Collectors.joining(", ", "{", "}"));
            case List<?> items -> items.stream().map(FleetText::line).collect(Collectors.joining(", ", "[", "]"));
            default -> value.toString();
        };
    }
}
