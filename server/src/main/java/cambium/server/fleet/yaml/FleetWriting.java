package cambium.server.fleet.yaml;

import cambium.rollout.FleetSpec;
import cambium.rollout.RingPolicy;
import cambium.rollout.RingSpec;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// Writes a fleet as the YAML that declares it. The same fleet always gives the same bytes, and they read back as the
/// same fleet. The policy that most rings share stands at the top, and a ring says only where it differs; a cell is one
/// line, so that a change of one cell is a change of one line.
final class FleetWriting {
    private final StringBuilder out = new StringBuilder();

    private FleetWriting() {}

    static byte[] write(FleetSpec spec) {
        var writing = new FleetWriting();
        writing.fleet(spec);
        return writing.out.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void fleet(FleetSpec spec) {
        FleetText.top(spec).forEach((name, value) -> {
            if (name.equals("measure")) {
                block("", name, (Map<?, ?>) value);
            } else {
                line("", name, value);
            }
        });
        var shared = FleetText.policy(shared(spec));
        block("", "policy", shared);
        out.append("rings:\n");
        spec.rings().forEach(ring -> ring(ring, shared));
    }

    private void ring(RingSpec ring, Map<String, Object> shared) {
        line("  - ", "ring", Integer.toString(ring.ring().value()));
        var own = FleetText.policy(ring.policy());
        own.entrySet().removeIf(field -> field.getValue().equals(shared.get(field.getKey())));
        if (!own.isEmpty()) {
            block("    ", "policy", own);
        }
        if (ring.cells().isEmpty()) {
            out.append("    cells: []\n");
            return;
        }
        out.append("    cells:\n");
        ring.cells().forEach(cell -> out.append("      - ").append(FleetText.line(FleetText.cell(cell))).append('\n'));
    }

    private void block(String indent, String name, Map<?, ?> fields) {
        out.append(indent).append(name).append(":\n");
        fields.forEach((field, value) -> line(indent + "  ", field.toString(), value));
    }

    private void line(String indent, String name, Object value) {
        out.append(indent).append(name).append(": ").append(FleetText.line(value)).append('\n');
    }

    /// The policy of most rings; of several, that of the innermost.
    private static RingPolicy shared(FleetSpec spec) {
        var counts = new LinkedHashMap<RingPolicy, Integer>();
        spec.rings().forEach(ring -> counts.merge(ring.policy(), 1, Integer::sum));
        int most = counts.values().stream().max(Integer::compare).orElseThrow();
        return counts.entrySet().stream().filter(each -> each.getValue() == most).findFirst().orElseThrow().getKey();
    }
}
