package cambium.server.fleet.yaml;

import java.util.Optional;

/// One thing wrong with a `fleet.yaml`. `code` is stable: `invalid_yaml` (not YAML, or outside its bounds),
/// `unknown_field`, or `invalid_fleet` (a value that cannot be). `line` counts from 1; 0 means the text as a whole.
/// `field` is the path as a person would say it: `rings[0].cells[2].driver`.
public record YamlProblem(String code, int line, Optional<String> field, String message) {
    static YamlProblem invalidYaml(int line, String message) {
        return new YamlProblem("invalid_yaml", line, Optional.empty(), message);
    }

    /// The sentence for a person: line, field, what is wrong.
    public String sentence() {
        var where = line == 0 ? "" : "line " + line + ": ";
        return where + field.map(path -> path + ": ").orElse("") + message;
    }
}
