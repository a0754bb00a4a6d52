package cambium.server.fleet.yaml;

import cambium.server.fleet.handover.DriverSpec;
import cambium.server.fleet.handover.Technology;
import java.util.List;
import java.util.stream.Collectors;

/// Reads `driver.yaml`, or says everything that is wrong with it.
public final class DriverYaml {
    private final Section.Problems problems = new Section.Problems();

    /// What became of a text.
    public sealed interface Reading {
        record Read(DriverSpec spec) implements Reading {}

        record Refused(String problems) implements Reading {}
    }

    private DriverYaml() {}

    public static Reading read(byte[] text) {
        return switch (YamlReader.read(text)) {
            case YamlReader.Reading.Malformed(var problem) -> new Reading.Refused(problem.sentence());
            case YamlReader.Reading.Read(var root) -> new DriverYaml().driver(root);
        };
    }

    private Reading driver(YamlValue root) {
        var top = Section.of(problems, "", root);
        var spec = switch (top.word("kind", Technology.class, Technology.PROCESS)) {
            case PROCESS -> new DriverSpec.Process();
            case KUBERNETES -> new DriverSpec.Kubernetes(top.text("kubeconfig"), top.text("context"),
                    top.required("namespace"), top.has("namespaces") ? top.items("namespaces", this::word) : List.of(),
                    top.text("job").orElse("job.yaml"));
            case WEBHOOK -> new WebhookYaml(top).read();
            case PULL -> {
                top.problem("kind", "cells that follow by themselves name the driver 'pull'; it needs no folder");
                yield new DriverSpec.Pull();
            }
        };
        top.done();
        return problems.found.isEmpty() ? new Reading.Read(spec)
                : new Reading.Refused(problems.found.stream().map(YamlProblem::sentence)
                        .collect(Collectors.joining("; ")));
    }

    private String word(Section.Item item) {
        return item.node() instanceof YamlValue.Scalar scalar ? scalar.text() : "";
    }
}
