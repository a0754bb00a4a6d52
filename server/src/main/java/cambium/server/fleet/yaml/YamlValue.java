package cambium.server.fleet.yaml;

import java.util.List;

/// One node of a YAML text, with the line where it begins (from 1). Plain data only: no tags, anchors or aliases.
sealed interface YamlValue {
    int line();

    /// A word or quoted text, not interpreted; `plain` when it stood without quotes.
    record Scalar(String text, boolean plain, int line) implements YamlValue {
        boolean isNull() {
            return plain && (text.isEmpty() || text.equals("~") || text.equals("null"));
        }
    }

    record Items(List<YamlValue> items, int line) implements YamlValue {
        public Items {
            items = List.copyOf(items);
        }
    }

    /// Fields in the order written; a name occurs once.
    record Fields(List<Field> fields, int line) implements YamlValue {
        public Fields {
            fields = List.copyOf(fields);
        }
    }

    record Field(String name, int line, YamlValue value) {}
}
