package cambium.server.fleet.yaml;

import cambium.server.config.Nearest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The fields of one mapping while they are read. Every method that reads a field notes what is wrong with it and
/// gives a harmless value instead, so that one reading finds all problems; `done` refuses the fields nobody asked for.
final class Section {
    static final int MAX_TEXT_CHARACTERS = 4096;
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");

    private final Problems problems;
    private final String path;
    private final int line;
    private final SequencedMap<String, YamlValue.Field> fields = new LinkedHashMap<>();
    private final Set<String> known = new LinkedHashSet<>();

    /// The problems found so far, and the line of every field, for checks that come later and know only its path.
    static final class Problems {
        final List<YamlProblem> found = new ArrayList<>();
        final Map<String, Integer> lines = new LinkedHashMap<>();

        void add(String code, int line, String path, String message) {
            var field = path.isEmpty() ? Optional.<String>empty() : Optional.of(path);
            found.add(new YamlProblem(code, line, field, message));
        }

        /// All of them in one line; empty where there are none.
        Optional<String> sentences() {
            return found.isEmpty() ? Optional.empty()
                    : Optional.of(found.stream().map(YamlProblem::sentence).collect(Collectors.joining("; ")));
        }
    }

    private Section(Problems problems, String path, int line) {
        this.problems = problems;
        this.path = path;
        this.line = line;
    }

    static Section of(Problems problems, String path, YamlValue node) {
        var section = new Section(problems, path, node.line());
        switch (node) {
            case YamlValue.Fields mapping -> mapping.fields().forEach(field -> {
                section.fields.put(field.name(), field);
                problems.lines.put(section.pathOf(field.name()), field.line());
            });
            case YamlValue.Items _, YamlValue.Scalar _ ->
                problems.add("invalid_fleet", node.line(), path, "fields are expected here, `name: value`");
        }
        return section;
    }

    boolean has(String name) {
        known.add(name);
        return fields.containsKey(name);
    }

    boolean isMapping(String name) {
        return has(name) && fields.get(name).value() instanceof YamlValue.Fields;
    }

    Optional<String> text(String name) {
        known.add(name);
        var field = fields.get(name);
        if (field == null) {
            return Optional.empty();
        }
        if (!(field.value() instanceof YamlValue.Scalar scalar) || scalar.isNull()) {
            return complaint(field, "a value is expected");
        }
        if (scalar.text().length() > MAX_TEXT_CHARACTERS || scalar.text().chars().anyMatch(Character::isISOControl)) {
            return complaint(field, "at most " + MAX_TEXT_CHARACTERS + " characters on one line are allowed");
        }
        return Optional.of(scalar.text());
    }

    String required(String name) {
        var value = text(name);
        if (value.isEmpty() && !fields.containsKey(name)) {
            missing(name);
        }
        return value.orElse("");
    }

    /// What `parse` makes of the field's text; its IllegalArgumentException becomes the problem.
    <T> T parsed(String name, T otherwise, Function<String, T> parse) {
        return text(name).map(text -> {
            try {
                return parse.apply(text);
            } catch (IllegalArgumentException wrong) {
                complaint(fields.get(name), wrong.getMessage());
                return otherwise;
            }
        }).orElse(otherwise);
    }

    <T> T requiredParsed(String name, T otherwise, Function<String, T> parse) {
        if (!fields.containsKey(name)) {
            missing(name);
        }
        return parsed(name, otherwise, parse);
    }

    int number(String name, int otherwise) {
        return parsed(name, otherwise, text -> {
            if (!text.matches("-?[0-9]{1,9}")) {
                throw new IllegalArgumentException("a whole number is expected, not '" + text + "'");
            }
            return Integer.parseInt(text);
        });
    }

    Duration duration(String name, Duration otherwise) {
        return parsed(name, otherwise, text -> {
            var match = DURATION.matcher(text);
            if (!match.matches()) {
                throw new IllegalArgumentException("a time like 30s, 5m or 24h is expected, not '" + text + "'");
            }
            var amount = Long.parseLong(match.group(1));
            return switch (match.group(2)) {
                case "ms" -> Duration.ofMillis(amount);
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                case "h" -> Duration.ofHours(amount);
                default -> Duration.ofDays(amount);
            };
        });
    }

    /// One of the words of an enum; `after-bake` stands for `AFTER_BAKE`.
    <E extends Enum<E>> E word(String name, Class<E> type, E otherwise) {
        return parsed(name, otherwise, text -> {
            var words = Arrays.stream(type.getEnumConstants())
                    .map(constant -> constant.name().toLowerCase(Locale.ROOT).replace('_', '-')).toList();
            if (!words.contains(text)) {
                throw new IllegalArgumentException("'" + text + "' is not one of " + String.join(", ", words)
                        + Nearest.to(text, words).map(near -> "; did you mean '" + near + "'?").orElse(""));
            }
            return type.getEnumConstants()[words.indexOf(text)];
        });
    }

    Optional<Section> section(String name) {
        known.add(name);
        return Optional.ofNullable(fields.get(name)).map(field -> of(problems, pathOf(name), field.value()));
    }

    Section requiredSection(String name) {
        return section(name).orElseGet(() -> {
            missing(name);
            return new Section(problems, pathOf(name), line);
        });
    }

    /// Each item of a list with its path, `rings[0]`.
    <T> List<T> items(String name, Function<Item, T> read) {
        known.add(name);
        var field = fields.get(name);
        if (field == null) {
            missing(name);
            return List.of();
        }
        if (!(field.value() instanceof YamlValue.Items list)) {
            complaint(field, "a list is expected, `- item` on each line");
            return List.of();
        }
        var items = new ArrayList<T>();
        for (var node : list.items()) {
            var itemPath = pathOf(name) + "[" + items.size() + "]";
            problems.lines.put(itemPath, node.line());
            items.add(read.apply(new Item(itemPath, node)));
        }
        return items;
    }

    /// The fields of an item.
    Section item(Item item) {
        return of(problems, item.path(), item.node());
    }

    record Item(String path, YamlValue node) {}

    /// All fields as texts, for free settings; nothing is unknown then.
    SequencedMap<String, String> texts() {
        var texts = new LinkedHashMap<String, String>();
        fields.keySet().forEach(name -> text(name).ifPresent(value -> texts.put(name, value)));
        return texts;
    }

    void done() {
        var names = List.copyOf(known);
        fields.values().stream().filter(field -> !known.contains(field.name())).forEach(field ->
                problems.add("unknown_field", field.line(), pathOf(field.name()), "there is no field '" + field.name()
                        + "' here" + Nearest.to(field.name(), names).map(near -> "; did you mean '" + near + "'?")
                        .orElse("; known are " + String.join(", ", names))));
    }

    void problem(String name, String message) {
        var at = fields.get(name);
        problems.add("invalid_fleet", at == null ? line : at.line(), pathOf(name), message);
    }

    private void missing(String name) {
        problems.add("invalid_fleet", line, pathOf(name), "the field is missing");
    }

    private Optional<String> complaint(YamlValue.Field field, String message) {
        problems.add("invalid_fleet", field.line(), pathOf(field.name()), message);
        return Optional.empty();
    }

    private String pathOf(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
