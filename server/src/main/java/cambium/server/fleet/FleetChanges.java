package cambium.server.fleet;

import cambium.rollout.CellId;
import cambium.rollout.CellSpec;
import cambium.rollout.FleetSpec;
import cambium.rollout.Measuring;
import cambium.rollout.RingNumber;
import cambium.rollout.RingSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/// Says in sentences how one declaration of a fleet differs from the one before.
final class FleetChanges {
    private final List<String> sentences = new ArrayList<>();

    private record Placed(CellSpec cell, RingNumber ring) {}

    private FleetChanges() {}

    /// Empty when nothing differs.
    static List<String> between(Optional<FleetSpec> before, FleetSpec after) {
        var changes = new FleetChanges();
        before.ifPresentOrElse(known -> changes.compare(known, after), () -> changes.sentences.add("fleet "
                + after.name() + " declared: " + after.rings().size() + " rings, " + placed(after).size() + " cells"));
        return List.copyOf(changes.sentences);
    }

    private void compare(FleetSpec before, FleetSpec after) {
        field("fleet", before.name(), after.name());
        field("product.repository", before.product().repository(), after.product().repository());
        field("product.distribution", before.product().distribution(), after.product().distribution());
        field("product.packages", before.product().packages(), after.product().packages());
        field("perimeter", before.perimeter(), after.perimeter());
        field("graduate", before.graduation().name().toLowerCase(Locale.ROOT),
                after.graduation().name().toLowerCase(Locale.ROOT));
        field("windows", before.rules().windows(), after.rules().windows());
        measuring(before.measuring(), after.measuring());
        var known = rings(before);
        var next = rings(after);
        next.forEach((number, ring) -> {
            if (!known.containsKey(number)) {
                sentences.add("ring " + number + " added");
            } else {
                policy(known.get(number), ring);
            }
        });
        known.keySet().stream().filter(number -> !next.containsKey(number))
                .forEach(number -> sentences.add("ring " + number + " removed"));
        cells(placed(before), placed(after));
    }

    private void measuring(Measuring before, Measuring after) {
        field("measure.prometheus", before.server().orElse("none"), after.server().orElse("none"));
        field("measure.label", before.label(), after.label());
        field("measure.stale-after", before.staleAfter(), after.staleAfter());
        field("measure.scraped", before.queries().scraped(), after.queries().scraped());
        field("measure.requests", before.queries().requests(), after.queries().requests());
        field("measure.errors", before.queries().errors(), after.queries().errors());
        field("measure.latency", before.queries().latency(), after.queries().latency());
        field("measure.saturation", before.queries().saturation(), after.queries().saturation());
        field("measure.own", before.own(), after.own());
        field("measure.shadow", before.shadow(), after.shadow());
    }

    private void field(String name, Object before, Object after) {
        if (!Objects.equals(before, after)) {
            sentences.add(name + ": " + before + " -> " + after);
        }
    }

    private void policy(RingSpec before, RingSpec after) {
        var at = "ring " + after.ring() + " policy.";
        var old = before.policy();
        var now = after.policy();
        field(at + "at-once", old.atOnce().toString(), now.atOnce().toString());
        field(at + "canary-first", old.canaryFirst(), now.canaryFirst());
        field(at + "bake.time", old.bake().time(), now.bake().time());
        field(at + "bake.samples", old.bake().samples(), now.bake().samples());
        field(at + "qa", old.qa(), now.qa());
        field(at + "pdm", old.pdm(), now.pdm());
        field(at + "tolerated-failures", old.toleratedFailures(), now.toleratedFailures());
        field(at + "mandatory", old.mandatory().cells(), now.mandatory().cells());
        field(at + "approval", old.gates().approvers(), now.gates().approvers());
        field(at + "windows", old.windows(), now.windows());
        field(at + "pace", old.pace(), now.pace());
        field(at + "retries", old.retries(), now.retries());
        field(at + "timeout", old.timeout(), now.timeout());
        field(at + "health", old.health(), now.health());
        field(at + "pdm.after", old.cells().pdmGrace(), now.cells().pdmGrace());
        field(at + "join-within", old.cells().joinWithin(), now.cells().joinWithin());
        field(at + "quarantine-after", old.cells().quarantineAfter(), now.cells().quarantineAfter());
        field(at + "on-drift", old.cells().onDrift(), now.cells().onDrift());
        field(at + "deploy", old.cells().kind(), now.cells().kind());
    }

    private void cells(TreeMap<CellId, Placed> before, TreeMap<CellId, Placed> after) {
        after.forEach((id, placed) -> {
            var known = before.get(id);
            if (known == null) {
                sentences.add("cell " + id + " added to ring " + placed.ring());
                return;
            }
            field("cell " + id + " ring", known.ring(), placed.ring());
            field("cell " + id + " kind", known.cell().kind(), placed.cell().kind());
            field("cell " + id + " driver", known.cell().driver(), placed.cell().driver());
            field("cell " + id + " health", known.cell().health().orElse("none"),
                    placed.cell().health().orElse("none"));
            field("cell " + id + " metrics", known.cell().metrics().orElse("none"),
                    placed.cell().metrics().orElse("none"));
            field("cell " + id + " settings", known.cell().settings(), placed.cell().settings());
        });
        before.forEach((id, placed) -> {
            if (!after.containsKey(id)) {
                sentences.add("cell " + id + " removed from ring " + placed.ring());
            }
        });
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
