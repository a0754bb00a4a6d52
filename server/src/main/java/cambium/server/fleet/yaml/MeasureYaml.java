package cambium.server.fleet.yaml;

import cambium.rollout.Measuring;
import java.util.List;
import java.util.Optional;

/// Reads where a fleet's figures come from: the section `measure` at the top of the fleet file.
final class MeasureYaml {
    private MeasureYaml() {}

    static Measuring read(Section top) {
        return top.section("measure").map(MeasureYaml::measuring).orElse(Measuring.DEFAULT);
    }

    private static Measuring measuring(Section section) {
        var usual = Measuring.DEFAULT;
        var server = section.text("prometheus").flatMap(text -> server(section, text));
        var label = section.text("label").orElse(usual.label());
        var staleAfter = section.duration("stale-after", usual.staleAfter());
        var queries = queries(section, usual.queries());
        var own = section.has("own") ? section.items("own", item -> own(section, item)).stream()
                .flatMap(Optional::stream).toList() : List.<Measuring.Own>of();
        var shadow = section.has("shadow") ? section.items("shadow", item ->
                item.node() instanceof YamlValue.Scalar scalar ? scalar.text() : "") : List.<String>of();
        section.done();
        try {
            return new Measuring(server, label, staleAfter, queries, own, shadow);
        } catch (IllegalArgumentException wrong) {
            section.problem(fieldOf(wrong), wrong.getMessage());
            return usual;
        }
    }

    /// Queries are sent to an address below it.
    private static Optional<String> server(Section section, String text) {
        if (text.contains("?")) {
            section.problem("prometheus", "an address without a query is expected, such as http://prometheus:9090");
            return Optional.empty();
        }
        return FleetYaml.address(section, "prometheus", text);
    }

    private static Measuring.Queries queries(Section section, Measuring.Queries usual) {
        var scraped = section.text("scraped").orElse(usual.scraped());
        var requests = section.text("requests").orElse(usual.requests());
        var errors = section.text("errors").orElse(usual.errors());
        var latency = section.text("latency").orElse(usual.latency());
        var saturation = section.text("saturation").orElse(usual.saturation());
        try {
            return new Measuring.Queries(scraped, requests, errors, latency, saturation);
        } catch (IllegalArgumentException wrong) {
            section.problem(fieldOf(wrong), wrong.getMessage());
            return usual;
        }
    }

    private static Optional<Measuring.Own> own(Section around, Section.Item item) {
        var section = around.item(item);
        var signal = section.required("signal");
        var bad = section.required("bad");
        var all = section.required("all");
        section.done();
        if (signal.isEmpty() || bad.isEmpty() || all.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Measuring.Own(signal, bad, all));
        } catch (IllegalArgumentException wrong) {
            section.problem(fieldOf(wrong), wrong.getMessage());
            return Optional.empty();
        }
    }

    /// A refusal begins with the name of the field, or says what the text is not: `'Bad' is not a signal`.
    private static String fieldOf(IllegalArgumentException wrong) {
        var words = wrong.getMessage().split(" ");
        return wrong.getMessage().startsWith("'") && wrong.getMessage().contains("is not a label") ? "label"
                : wrong.getMessage().startsWith("'") ? "signal" : words[0];
    }
}
