package cambium.server.fleet.observe;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// Reads the Prometheus text format 0.0.4, as far as a health gate needs it: the series of some wanted metric names.
/// Strict, because a gate must rather know nothing than half of it: one malformed line makes the whole text malformed,
/// and so do more than `MAX_SERIES` wanted series (a label flood). Values that cannot be counted with (NaN, infinite,
/// negative) are dropped and their number told. See prometheus.io, "Exposition formats".
final class PrometheusText {
    static final int MAX_LINE_CHARS = 8192;
    static final int MAX_LINES = 50_000;
    static final int MAX_SERIES = 2_000;
    static final int MAX_LABELS = 32;

    /// One sample: a metric name, its labels in name order, its value (finite and not negative).
    record Series(String name, SortedMap<String, String> labels, double value) {
        Series {
            labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
        }
    }

    /// What a text says.
    sealed interface Reading {
        record Read(List<Series> series, int dropped) implements Reading {
            public Read {
                series = List.copyOf(series);
            }
        }

        record Malformed(String reason) implements Reading {}
    }

    private PrometheusText() {}

    static Reading read(byte[] body, Set<String> wanted) {
        var lines = new String(body, StandardCharsets.UTF_8).split("\n", MAX_LINES + 1);
        if (lines.length > MAX_LINES) {
            return new Reading.Malformed("more than " + MAX_LINES + " lines");
        }
        var series = new ArrayList<Series>();
        var dropped = 0;
        for (var number = 1; number <= lines.length; number++) {
            var line = lines[number - 1].strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            try {
                var read = new Line(line).read();
                if (!wanted.contains(read.name())) {
                    continue;
                }
                if (!(read.value() >= 0) || Double.isInfinite(read.value())) {
                    dropped++;
                } else if (series.size() == MAX_SERIES) {
                    return new Reading.Malformed("more than " + MAX_SERIES + " series");
                } else {
                    series.add(read);
                }
            } catch (MalformedLine malformed) {
                return new Reading.Malformed("line " + number + ": " + malformed.getMessage());
            }
        }
        return new Reading.Read(series, dropped);
    }

    private static final class MalformedLine extends Exception {
        private static final long serialVersionUID = 1;

        MalformedLine(String reason) {
            super(reason, null, false, false);
        }
    }

    /// A cursor over one line: `name{label="value",…} value [timestamp]`.
    private static final class Line {
        private final String text;
        private int at;

        Line(String text) {
            this.text = text;
        }

        Series read() throws MalformedLine {
            if (text.length() > MAX_LINE_CHARS) {
                throw new MalformedLine("longer than " + MAX_LINE_CHARS + " characters");
            }
            var name = name(true);
            var labels = peek() == '{' ? labels() : new TreeMap<String, String>();
            var rest = text.substring(at).strip().split("[ \t]+");
            if (rest.length > 2 || rest[0].isEmpty()) {
                throw new MalformedLine("needs one value");
            }
            if (rest.length == 2 && !rest[1].matches("-?[0-9]{1,18}")) {
                throw new MalformedLine("bad timestamp");
            }
            return new Series(name, labels, value(rest[0]));
        }

        private TreeMap<String, String> labels() throws MalformedLine {
            var labels = new TreeMap<String, String>();
            at++;
            skipBlanks();
            while (peek() != '}') {
                var name = name(false);
                expect('=');
                if (labels.put(name, quoted()) != null || labels.size() > MAX_LABELS) {
                    throw new MalformedLine("label '" + name + "' twice, or more than " + MAX_LABELS);
                }
                skipBlanks();
                if (peek() == ',') {
                    at++;
                    skipBlanks();
                } else if (peek() != '}') {
                    throw new MalformedLine("labels do not end");
                }
            }
            at++;
            return labels;
        }

        private String name(boolean colons) throws MalformedLine {
            var start = at;
            while (isNamePart(peek(), at == start, colons)) {
                at++;
            }
            if (at == start) {
                throw new MalformedLine("a name is expected at column " + (at + 1));
            }
            var name = text.substring(start, at);
            skipBlanks();
            return name;
        }

        private static boolean isNamePart(char c, boolean first, boolean colons) {
            return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || colons && c == ':'
                    || !first && c >= '0' && c <= '9';
        }

        private String quoted() throws MalformedLine {
            expect('"');
            var value = new StringBuilder();
            while (at < text.length()) {
                var c = text.charAt(at++);
                if (c == '"') {
                    return value.toString();
                }
                value.append(c == '\\' ? escaped() : c);
            }
            throw new MalformedLine("a label value does not end");
        }

        private char escaped() throws MalformedLine {
            var c = peek();
            at++;
            return switch (c) {
                case 'n' -> '\n';
                case '\\', '"' -> c;
                default -> throw new MalformedLine("unknown escape in a label value");
            };
        }

        private void expect(char wanted) throws MalformedLine {
            skipBlanks();
            if (peek() != wanted) {
                throw new MalformedLine("'" + wanted + "' is expected at column " + (at + 1));
            }
            at++;
            if (wanted == '=') {
                skipBlanks();
            }
        }

        private void skipBlanks() {
            while (peek() == ' ' || peek() == '\t') {
                at++;
            }
        }

        private char peek() {
            return at < text.length() ? text.charAt(at) : '\0';
        }

        private static double value(String word) throws MalformedLine {
            return switch (word) {
                case "NaN" -> Double.NaN;
                case "+Inf", "Inf" -> Double.POSITIVE_INFINITY;
                case "-Inf" -> Double.NEGATIVE_INFINITY;
                default -> {
                    if (!word.matches("[+-]?([0-9]{1,25}(\\.[0-9]{0,25})?|\\.[0-9]{1,25})([eE][+-]?[0-9]{1,3})?")) {
                        throw new MalformedLine("bad value");
                    }
                    yield Double.parseDouble(word);
                }
            };
        }
    }
}
