package cambium.server.fleet.yaml;

/// Reads `prometheus.yaml`, by which this machine reaches a Prometheus server, or says what is wrong with it.
public final class PrometheusYaml {
    private PrometheusYaml() {}

    /// What became of a text.
    public sealed interface Reading {
        record Read(ServerAccess access) implements Reading {}

        record Refused(String problems) implements Reading {}
    }

    public static Reading read(byte[] text) {
        return switch (YamlReader.read(text)) {
            case YamlReader.Reading.Malformed(var problem) -> new Reading.Refused(problem.sentence());
            case YamlReader.Reading.Read(var root) -> access(root);
        };
    }

    private static Reading access(YamlValue root) {
        var problems = new Section.Problems();
        var access = ServerAccess.read(Section.of(problems, "", root));
        return problems.sentences().<Reading>map(Reading.Refused::new).orElseGet(() -> new Reading.Read(access));
    }
}
