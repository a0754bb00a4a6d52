package cambium.server.fleet.yaml;

import cambium.rollout.CellId;
import cambium.rollout.CellSpec;
import cambium.rollout.FleetSpec;
import cambium.rollout.RingNumber;
import cambium.rollout.RingPolicy;
import cambium.rollout.RingSpec;
import cambium.server.fleet.pull.ReportWithin;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/// Reads `fleet.yaml` into a sound [FleetSpec], or lists everything that is wrong with it, each with line and field.
/// A field left out of a ring's policy comes from the policy at the top, and there from `RingPolicy.DEFAULT`.
public final class FleetYaml {
    /// Of every text that declares a fleet, wherever it comes from. 5,000 cells with two addresses and ten settings
    /// each are 4 MB (`LargeFleetTest`).
    public static final int MAX_BYTES = 8 << 20;
    /// A smaller one is never too large once it is written out.
    private static final int SMALL_BYTES = 256 << 10;
    private static final int MAX_ADDRESS_CHARACTERS = 2048;

    private final Section.Problems problems = new Section.Problems();
    private final PolicyYaml policies = new PolicyYaml(problems);

    /// What became of a text: a fleet, or at least one problem.
    public sealed interface Reading {
        record Read(FleetSpec spec) implements Reading {}

        record Refused(List<YamlProblem> problems) implements Reading {
            public Refused {
                problems = List.copyOf(problems);
            }
        }
    }

    private FleetYaml() {}

    public static Reading read(byte[] text) {
        return switch (YamlReader.read(text)) {
            case YamlReader.Reading.Malformed(var problem) -> new Reading.Refused(List.of(problem));
            case YamlReader.Reading.Read(var root) -> text.length <= SMALL_BYTES ? new FleetYaml().fleet(root)
                    : exportable(new FleetYaml().fleet(root));
        };
    }

    /// What is taken can be taken again once it is written out, where every ring says all that it means.
    private static Reading exportable(Reading reading) {
        return reading instanceof Reading.Read(var spec)
                && YamlReader.read(write(spec)) instanceof YamlReader.Reading.Malformed(var problem)
                ? new Reading.Refused(List.of(YamlProblem.invalidYaml(0, "as it would be exported: "
                        + problem.message()))) : reading;
    }

    /// The fleet as [#read] takes it; always the same bytes for the same fleet.
    public static byte[] write(FleetSpec spec) {
        return FleetWriting.write(spec);
    }

    private Reading fleet(YamlValue root) {
        var top = Section.of(problems, "", root);
        var name = top.required("fleet");
        var product = product(top.requiredSection("product"));
        var perimeter = top.requiredParsed("perimeter", RingNumber.INNERMOST, RingNumber::of);
        var graduation = top.word("graduate", FleetSpec.Graduation.class, FleetSpec.Graduation.AUTOMATIC);
        var policy =
                top.section("policy").map(section -> policies.read(section, RingPolicy.DEFAULT))
                .orElse(RingPolicy.DEFAULT);
        var rings = top.items("rings", item -> ring(item, policy));
        var rules = policies.rules(top);
        var measuring = MeasureYaml.read(top);
        var large = PolicyYaml.largeChange(top);
        var rest = PolicyYaml.changeRest(top);
        top.done();
        if (problems.found.isEmpty()) {
            FleetSpec.check(name, product, perimeter, rings, rules, measuring).forEach(problem ->
                    problems.add("invalid_fleet", lineOf(problem.field()), problem.field(), problem.text()));
        }
        return problems.found.isEmpty()
                ? new Reading.Read(new FleetSpec(name, product, perimeter, graduation, rings, rules, measuring,
                        large, rest))
                : new Reading.Refused(problems.found);
    }

    private FleetSpec.Product product(Section section) {
        var repository = filled(section, "repository");
        var distribution = filled(section, "distribution");
        var packages =
                section.items("packages", item -> item.node() instanceof YamlValue.Scalar scalar ? scalar.text() : "");
        if (packages.contains("")) {
            section.problem("packages", "names of packages are expected");
        }
        section.done();
        return new FleetSpec.Product(repository, distribution, packages);
    }

    /// A text that later types refuse when blank; the problem is noted here, with its line.
    private String filled(Section section, String name) {
        var before = problems.found.size();
        var text = section.required(name);
        if (text.isBlank() && problems.found.size() == before) {
            section.problem(name, "must not be blank");
        }
        return text.isBlank() ? "-" : text;
    }

    private RingSpec ring(Section.Item item, RingPolicy defaults) {
        var section = Section.of(problems, item.path(), item.node());
        var number = section.requiredParsed("ring", RingNumber.QUARANTINE, RingNumber::of);
        var policy = section.section("policy").map(own -> policies.read(own, defaults)).orElse(defaults);
        var cells = section.items("cells", this::cell);
        section.done();
        return new RingSpec(number, policy, cells);
    }

    private CellSpec cell(Section.Item item) {
        var section = Section.of(problems, item.path(), item.node());
        var id = section.requiredParsed("cell", CellId.of("unnamed"), CellId::of);
        var kind = section.word("kind", CellSpec.Kind.class, CellSpec.Kind.SECONDARY);
        var before = problems.found.size();
        var driver = section.required("driver");
        var health = section.text("health").flatMap(text -> address(section, "health", text));
        var metrics = section.text("metrics").flatMap(text -> address(section, "metrics", text));
        var free = section.section("settings");
        var settings = free.map(Section::texts).map(TreeMap::new).orElseGet(TreeMap::new);
        if (driver.equals(CellSpec.PULL)) {
            ReportWithin.problem(settings).ifPresent(text ->
                    free.orElseThrow().problem(ReportWithin.SETTING, text));
        }
        section.done();
        try {
            return new CellSpec(id, kind, driver, health, metrics, settings);
        } catch (IllegalArgumentException wrong) {
            if (problems.found.size() == before) {
                section.problem(wrong.getMessage().contains("driver") ? "driver" : "settings", wrong.getMessage());
            }
            return new CellSpec(id, kind, "none", health, metrics, new TreeMap<>());
        }
    }

    static Optional<String> address(Section section, String name, String text) {
        try {
            var uri = new URI(text);
            var plain = ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
                    && uri.getHost() != null && uri.getRawUserInfo() == null && uri.getRawFragment() == null;
            if (plain && text.length() <= MAX_ADDRESS_CHARACTERS) {
                return Optional.of(text);
            }
        } catch (URISyntaxException notAnAddress) {
            // falls through to the one message for all addresses that are not allowed
        }
        section.problem(name, "an http or https address without user or fragment is expected");
        return Optional.empty();
    }

    /// The line of a field, or of the nearest thing around it that has one.
    private int lineOf(String field) {
        for (var path = field; !path.isEmpty(); path = outer(path)) {
            var line = problems.lines.get(path);
            if (line != null) {
                return line;
            }
        }
        return 0;
    }

    private static String outer(String path) {
        var cut = Math.max(path.lastIndexOf('.'), path.lastIndexOf('['));
        return cut < 0 ? "" : path.substring(0, cut);
    }
}
