package cambium.server.fleet.yaml;

import cambium.rollout.AtOnce;
import cambium.rollout.Bake;
import cambium.rollout.CellId;
import cambium.rollout.CellPolicy;
import cambium.rollout.FleetRules;
import cambium.rollout.Mandatory;
import cambium.rollout.RingPolicy;
import cambium.rollout.StepKind;
import java.time.Duration;
import java.util.Optional;
import java.util.TreeSet;

/// Reads how rings take versions: a ring's policy, and the rules of the whole fleet.
final class PolicyYaml {
    private final Section.Problems problems;

    PolicyYaml(Section.Problems problems) {
        this.problems = problems;
    }

    /// A field left out comes from the defaults.
    RingPolicy read(Section section, RingPolicy defaults) {
        var before = problems.found.size();
        try {
            return defaults.with(parts -> {
                read(section, parts);
                section.done();
            });
        } catch (IllegalArgumentException wrong) {
            if (problems.found.size() == before) {
                section.problem(fieldOf(wrong), wrong.getMessage());
            }
            return defaults;
        }
    }

    private void read(Section section, RingPolicy.Parts parts) {
        var bake = parts.bake;
        parts.bake = section.section("bake").map(own -> bake(own, bake)).orElse(bake);
        parts.atOnce = section.parsed("at-once", parts.atOnce, AtOnce::of);
        parts.canaryFirst = section.number("canary-first", parts.canaryFirst);
        parts.qa = section.word("qa", RingPolicy.Qa.class, parts.qa);
        parts.toleratedFailures = section.number("tolerated-failures", parts.toleratedFailures);
        parts.mandatory = section.has("mandatory") ? mandatory(section) : parts.mandatory;
        parts.retries = section.number("retries", parts.retries);
        parts.timeout = section.duration("timeout", parts.timeout);
        parts.health = section.word("health", RingPolicy.HealthGate.class, parts.health);
        parts.cells = parts.cells.with(cells -> {
            pdm(section, parts, cells);
            cells.joinWithin = section.duration("join-within", cells.joinWithin);
            cells.quarantineAfter = section.number("quarantine-after", cells.quarantineAfter);
            cells.onDrift = section.word("on-drift", CellPolicy.OnDrift.class, cells.onDrift);
            cells.kind = section.word("deploy", StepKind.class, cells.kind);
        });
    }

    /// A word, or `{after: 24h}`: after the bake and that long. A word alone means no such grace.
    private static void pdm(Section section, RingPolicy.Parts parts, CellPolicy.Parts cells) {
        if (section.isMapping("pdm")) {
            var own = section.section("pdm").orElseThrow();
            parts.pdm = RingPolicy.Pdm.AFTER_BAKE;
            cells.pdmGrace = own.duration("after", Duration.ZERO);
            own.done();
        } else if (section.has("pdm")) {
            parts.pdm = section.word("pdm", RingPolicy.Pdm.class, parts.pdm);
            cells.pdmGrace = Duration.ZERO;
        }
    }

    /// What every ring obeys; these fields stand at the top of the file.
    FleetRules rules(Section top) {
        var percent = top.parsed("large-change", FleetRules.DEFAULT.largeChangePercent(), PolicyYaml::percent);
        return new FleetRules(percent);
    }

    private static int percent(String text) {
        if (!text.matches("[0-9]{1,3}%") || text.matches("0+%") || text.length() == 4 && !text.equals("100%")) {
            throw new IllegalArgumentException("a share from 1% to 100% is expected, not '" + text + "'");
        }
        return Integer.parseInt(text.substring(0, text.length() - 1));
    }

    private static Mandatory mandatory(Section section) {
        var cells = new TreeSet<CellId>();
        section.items("mandatory", item -> {
            var text = item.node() instanceof YamlValue.Scalar scalar ? scalar.text() : "";
            try {
                cells.add(CellId.of(text));
            } catch (IllegalArgumentException wrong) {
                section.problem("mandatory", wrong.getMessage());
            }
            return Optional.empty();
        });
        return new Mandatory(cells);
    }

    /// The message of a policy that cannot be begins with the name of the field.
    private static String fieldOf(IllegalArgumentException wrong) {
        return wrong.getMessage().split(" ", 2)[0];
    }

    private static Bake bake(Section section, Bake defaults) {
        var time = section.duration("time", defaults.time());
        var samples = section.number("samples", (int) defaults.samples());
        section.done();
        try {
            return new Bake(time, samples);
        } catch (IllegalArgumentException wrong) {
            section.problem(wrong.getMessage().contains("samples") ? "samples" : "time", wrong.getMessage());
            return defaults;
        }
    }
}
