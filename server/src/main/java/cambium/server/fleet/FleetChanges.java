package cambium.server.fleet;

import cambium.rollout.CellId;
import cambium.rollout.CellSpec;
import cambium.rollout.FleetSpec;
import cambium.rollout.RingNumber;
import cambium.rollout.RingSpec;
import cambium.server.fleet.yaml.FleetText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;

/// Says how one declaration of a fleet differs from the one before, field by field as `fleet.yaml` names them.
final class FleetChanges {
    private final List<Change> changes = new ArrayList<>();

    /// One difference.
    ///
    /// @param kind `declared`, `added`, `removed`, `moved` or `changed`
    /// @param subject `fleet`, `ring 2` or `cell c1`
    /// @param field of the subject, such as `policy.bake.time`; of a cell that is added, removed or moved, `ring`
    /// @param before as the file says it; empty where there was nothing
    record Change(String kind, String subject, String field, Optional<String> before, Optional<String> after) {
        String sentence() {
            return switch (kind) {
                case "declared" -> "fleet " + after.orElseThrow();
                case "added" -> subject + " added" + (field.isEmpty() ? "" : " to ring " + after.orElseThrow());
                case "removed" -> subject + " removed" + (field.isEmpty() ? "" : " from ring " + before.orElseThrow());
                case "moved" -> subject + " moved from ring " + before.orElseThrow() + " to ring "
                        + after.orElseThrow();
                default -> (subject.equals("fleet") ? "" : subject + " ") + field + ": " + before.orElse("none")
                        + " -> " + after.orElse("none");
            };
        }

        Map<String, Object> told() {
            var told = new LinkedHashMap<String, Object>();
            told.put("kind", kind);
            told.put("subject", subject);
            told.put("field", field.isEmpty() ? null : field);
            told.put("before", before.orElse(null));
            told.put("after", after.orElse(null));
            return told;
        }
    }

    private record Placed(CellSpec cell, RingNumber ring) {}

    private FleetChanges() {}

    /// Empty when nothing differs.
    static List<Change> between(Optional<FleetSpec> before, FleetSpec after) {
        var found = new FleetChanges();
        before.ifPresentOrElse(known -> found.compare(known, after), () -> found.add("declared", "fleet", "",
                Optional.empty(), Optional.of(after.name() + " declared: " + after.rings().size() + " rings, "
                + placed(after).size() + " cells")));
        return List.copyOf(found.changes);
    }

    private void add(String kind, String subject, String field, Optional<String> before, Optional<String> after) {
        changes.add(new Change(kind, subject, field, before, after));
    }

    private void compare(FleetSpec before, FleetSpec after) {
        fields("fleet", "", FleetText.top(before), FleetText.top(after));
        var known = rings(before);
        var next = rings(after);
        next.forEach((number, ring) -> {
            if (!known.containsKey(number)) {
                add("added", "ring " + number, "", Optional.empty(), Optional.empty());
            } else {
                fields("ring " + number, "policy.", FleetText.policy(known.get(number).policy()),
                        FleetText.policy(ring.policy()));
            }
        });
        known.keySet().stream().filter(number -> !next.containsKey(number)).forEach(number ->
                add("removed", "ring " + number, "", Optional.empty(), Optional.empty()));
        cells(placed(before), placed(after));
    }

    private void cells(TreeMap<CellId, Placed> before, TreeMap<CellId, Placed> after) {
        after.forEach((id, placed) -> {
            var known = before.get(id);
            var ring = Optional.of(placed.ring().toString());
            if (known == null) {
                add("added", "cell " + id, "ring", Optional.empty(), ring);
                return;
            }
            if (!known.ring().equals(placed.ring())) {
                add("moved", "cell " + id, "ring", Optional.of(known.ring().toString()), ring);
            }
            fields("cell " + id, "", FleetText.cell(known.cell()), FleetText.cell(placed.cell()));
        });
        before.forEach((id, placed) -> {
            if (!after.containsKey(id)) {
                add("removed", "cell " + id, "ring", Optional.of(placed.ring().toString()), Optional.empty());
            }
        });
    }

    private void fields(String subject, String prefix, SequencedMap<String, Object> before,
            SequencedMap<String, Object> after) {
        var names = new LinkedHashMap<>(before);
        names.putAll(after);
        names.keySet().forEach(name -> field(subject, prefix + name, Optional.ofNullable(before.get(name)),
                Optional.ofNullable(after.get(name))));
    }

    /// Mappings on both sides are compared field by field, so that only what changed is told.
    private void field(String subject, String field, Optional<Object> before, Optional<Object> after) {
        if (before.equals(after)) {
            return;
        }
        if (before.orElse("") instanceof SequencedMap<?, ?> old && after.orElse("") instanceof SequencedMap<?, ?> now) {
            fields(subject, field + ".", named(old), named(now));
        } else {
            add("changed", subject, field, before.map(FleetText::line), after.map(FleetText::line));
        }
    }

    private static SequencedMap<String, Object> named(SequencedMap<?, ?> fields) {
        var named = new LinkedHashMap<String, Object>();
        fields.forEach((name, value) -> named.put(name.toString(), value));
        return named;
    }

    private static TreeMap<RingNumber, RingSpec> rings(FleetSpec spec) {
        var rings = new TreeMap<RingNumber, RingSpec>();
        spec.rings().forEach(ring -> rings.put(ring.ring(), ring));
        return rings;
    }

    private static TreeMap<CellId, Placed> placed(FleetSpec spec) {
        var cells = new TreeMap<CellId, Placed>();
        spec.rings().forEach(ring ->
            ring.cells().forEach(cell -> cells.put(cell.cell(), new Placed(cell, ring.ring()))));
        return cells;
    }
}
