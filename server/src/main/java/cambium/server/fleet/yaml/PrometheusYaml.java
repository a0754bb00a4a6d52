package cambium.server.fleet.yaml;

import java.util.Optional;
import java.util.stream.Collectors;

/// Reads `prometheus.yaml`, by which this machine reaches a Prometheus server, or says what is wrong with it.
public final class PrometheusYaml {
    private final Section.Problems problems = new Section.Problems();

    /// @param address the server that all this is for
    /// @param ca file of the certificates that are trusted, where those of the system are not
    public record Access(String address, Optional<String> token, Optional<String> user, Optional<String> password,
            Optional<String> ca) {}

    /// What became of a text.
    public sealed interface Reading {
        record Read(Access access) implements Reading {}

        record Refused(String problems) implements Reading {}
    }

    private PrometheusYaml() {}

    public static Reading read(byte[] text) {
        return switch (YamlReader.read(text)) {
            case YamlReader.Reading.Malformed(var problem) -> new Reading.Refused(problem.sentence());
            case YamlReader.Reading.Read(var root) -> new PrometheusYaml().access(root);
        };
    }

    private Reading access(YamlValue root) {
        var top = Section.of(problems, "", root);
        var access = new Access(top.required("address"), top.text("token"), top.text("user"), top.text("password"),
                top.text("ca"));
        top.done();
        if (access.token().isPresent() && access.user().isPresent()) {
            top.problem("user", "either a token or a user is expected");
        }
        if (access.user().isPresent() != access.password().isPresent()) {
            top.problem("password", "user and password belong together");
        }
        return problems.found.isEmpty() ? new Reading.Read(access)
                : new Reading.Refused(problems.found.stream().map(YamlProblem::sentence)
                        .collect(Collectors.joining("; ")));
    }
}
