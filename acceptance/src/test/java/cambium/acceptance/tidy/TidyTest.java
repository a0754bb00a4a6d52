package cambium.acceptance.tidy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.acceptance.Checkout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Reads the source tree and refuses what docs/STYLE.md refuses, as far as a machine can see it.
class TidyTest {
    private static final Path ROOT = Checkout.root();
    private static final int MAX_FILE_LINES = 400;
    private static final int MAX_COLUMNS = 120;
    private static final int MAX_TRACKED_BYTES = 1 << 20;
    private static final List<String> EMPTY_NAMES =
            List.of("Impl", "Manager", "Util", "Utils", "Helper", "Helpers", "Base", "Data", "Info");
    private static final List<String> OVERLOADED =
            List.of("Package", "Release", "Repository", "Version", "Distribution");
    private static final Map<String, Integer> MAX_DOCUMENT_LINES = new TreeMap<>(Map.of(
            "README.md", 120,
            "CONTRIBUTING.md", 100,
            "docs/ARCHITECTURE.md", 250,
            "docs/GLOSSARY.md", 100,
            "docs/STYLE.md", 150));
    private static final Pattern TYPE =
            Pattern.compile("^\\s*(?:(?:public|private|protected|static|final|sealed|non-sealed|abstract) )*"
                    + "(?:class|record|interface|enum) (\\w+)");
    private static final Pattern PUBLIC_TOP_TYPE =
            Pattern.compile("^public .*\\b(?:class|record|interface|enum) (\\w+)");
    // Written in two parts so that this file does not find itself.
    private static final Pattern HALF_MERGED = Pattern.compile("^(<<<<" + "<<< |>>>>" + ">>> )");
    private static final Pattern LEFT_TO_DO =
            Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b|@Dis" + "abled|assume" + "True\\(");

    @Test
    void filesAndLinesStayShort() {
        complain(sources(), file -> {
            var found = new ArrayList<String>();
            if (file.lines.size() > MAX_FILE_LINES) {
                found.add(file + " has " + file.lines.size() + " lines; split it by purpose");
            }
            file.each((line, number) -> {
                if (columns(line) > MAX_COLUMNS) {
                    found.add(file + ":" + number + " has " + columns(line) + " columns");
                }
                if (line.indexOf('\t') >= 0 || line.endsWith(" ")) {
                    found.add(file + ":" + number + " has a tab or a trailing space");
                }
            });
            return found;
        });
    }

    @Test
    void nothingIsLeftToDoOrSwitchedOff() {
        complain(sources(), file -> file.matching(LEFT_TO_DO, "is left to do or switched off"));
    }

    @Test
    void noMergeIsLeftHalfDone() {
        var texts = tracked().filter(path -> path.toString().matches(".*\\.(java|md|yaml|xml|jte|css|js|sql)"))
                .map(SourceFile::new);
        complain(texts, file -> file.matching(HALF_MERGED, "is left over from a merge"));
    }

    @Test
    void eachDecisionHasANumberOfItsOwn() throws IOException {
        var numbers = new TreeMap<String, Integer>();
        try (var records = Files.list(ROOT.resolve("docs/decisions"))) {
            records.forEach(path -> numbers.merge(path.getFileName().toString().substring(0, 4), 1, Integer::sum));
        }
        numbers.values().removeIf(count -> count == 1);
        assertEquals(Map.of(), numbers);
    }

    @Test
    void typeNamesSayWhatTheyMean() {
        var synonyms = forbiddenSynonyms();
        assertTrue(synonyms.contains("artifact"), "the glossary's last column was not read: " + synonyms);
        complain(sources(), file -> {
            var found = new ArrayList<String>();
            file.each((line, number) -> {
                var type = TYPE.matcher(line);
                if (!type.find()) {
                    return;
                }
                var name = type.group(1);
                if (OVERLOADED.contains(name)) {
                    found.add(file + ":" + number + " '" + name + "' alone says too little");
                }
                EMPTY_NAMES.stream().filter(name::endsWith).forEach(
                        empty -> found.add(file + ":" + number + " '" + name + "' ends in the empty word " + empty));
                words(name).stream().filter(synonyms::contains).forEach(
                        word -> found.add(file + ":" + number + " '" + name + "' says '" + word + "': see GLOSSARY"));
            });
            return found;
        });
    }

    @Test
    void publicTypesSayWhatTheyMeanInADocumentationComment() {
        complain(sources().filter(file -> file.toString().contains("/src/main/java/")), file -> {
            var found = new ArrayList<String>();
            file.each((line, number) -> {
                if (PUBLIC_TOP_TYPE.matcher(line).find() && !documented(file.lines, number - 1)) {
                    found.add(file + ":" + number + " a public type without a /// paragraph");
                }
            });
            return found;
        });
    }

    @Test
    void documentsStayShort() {
        MAX_DOCUMENT_LINES.forEach((name, most) -> {
            var lines = new SourceFile(ROOT.resolve(name)).lines.size();
            assertTrue(lines <= most, name + " has " + lines + " lines, more than " + most);
        });
    }

    @Test
    void noTrackedFileIsLargeOrNamesAPathOfAMachine() throws Exception {
        var machine = Pattern.compile("/(?:root|home/\\w+|wo" + "rk)/[\\w.]");
        var found = new ArrayList<String>();
        for (var path : tracked().toList()) {
            if (Files.size(path) > MAX_TRACKED_BYTES) {
                found.add(ROOT.relativize(path) + " is larger than 1 MiB");
            } else if (!path.toString().matches(".*\\.(png|jpg|ico|deb|woff2|xz)")) {
                found.addAll(new SourceFile(path).matching(machine, "names a path of a machine"));
            }
        }
        assertEquals("", String.join("\n", found));
    }

    @Test
    void whatIsPromisedIsShownByTestsThatAreThere() throws Exception {
        var known = tracked().map(path -> path.getFileName().toString().replace(".java", ""))
                .collect(Collectors.toSet());
        var named = Pattern.compile("`(\\w+(?:Test|Contract))`").matcher(Files.readString(ROOT.resolve(
                "docs/PROMISES.md"))).results().map(match -> match.group(1)).distinct().toList();
        assertTrue(named.size() > 50, named.toString());
        assertEquals(List.of(), named.stream().filter(name -> !known.contains(name)).toList());
    }

    private static void complain(Stream<SourceFile> files, Function<SourceFile, List<String>> rule) {
        var list = files.toList();
        assertTrue(list.size() > 20, "the source tree was not found under " + ROOT.getFileName());
        assertEquals("", String.join("\n", list.stream().flatMap(file -> rule.apply(file).stream()).toList()));
    }

    /// Files are read byte by byte, since some are no text; a source line is UTF-8.
    private static int columns(String line) {
        var text = new String(line.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        return (int) text.codePoints().count();
    }

    private static boolean documented(List<String> lines, int at) {
        for (int i = at - 1; i >= 0; i--) {
            var line = lines.get(i).strip();
            if (!line.startsWith("@")) {
                return line.startsWith("///") || line.endsWith("*/");
            }
        }
        return false;
    }

    private static List<String> words(String camelCase) {
        return Arrays.stream(camelCase.split("(?<=[a-z0-9])(?=[A-Z])")).map(w -> w.toLowerCase(Locale.ROOT)).toList();
    }

    /// Single words of the last column of docs/GLOSSARY.md; words in backquotes are type names, not synonyms.
    private static List<String> forbiddenSynonyms() {
        return new SourceFile(ROOT.resolve("docs/GLOSSARY.md")).lines.stream()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| word"))
                .map(line -> line.split("\\|", -1))
                .filter(columns -> columns.length == 5)
                .flatMap(columns -> Arrays.stream(columns[3].split(",")))
                .map(String::strip)
                .filter(word -> word.matches("[a-z]+"))
                .toList();
    }

    private static Stream<SourceFile> sources() {
        return tracked().filter(path -> path.toString().endsWith(".java")).map(SourceFile::new);
    }

    private static Stream<Path> tracked() {
        try (var walk = Files.walk(ROOT)) {
            return walk.filter(Files::isRegularFile).filter(TidyTest::ours).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean ours(Path path) {
        var relative = ROOT.relativize(path);
        var top = relative.getName(0).toString();
        return !top.equals(".git") && !top.equals(".cambium") && !top.equals("data")
                && Stream.iterate(relative, p -> p != null, Path::getParent).noneMatch(p -> p.endsWith("target"));
    }


    private record SourceFile(Path path, List<String> lines) {
        SourceFile(Path path) {
            this(path, read(path));
        }

        private static List<String> read(Path path) {
            try {
                return Files.readString(path, StandardCharsets.ISO_8859_1).lines().toList();
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read " + path.getFileName(), e);
            }
        }

        void each(NumberedLine visit) {
            for (int i = 0; i < lines.size(); i++) {
                visit.line(lines.get(i), i + 1);
            }
        }

        List<String> matching(Pattern pattern, String complaint) {
            var found = new ArrayList<String>();
            each((line, number) -> {
                if (pattern.matcher(line).find()) {
                    found.add(this + ":" + number + " " + complaint);
                }
            });
            return found;
        }

        @Override
        public String toString() {
            return ROOT.relativize(path).toString();
        }
    }

    private interface NumberedLine {
        void line(String line, int number);
    }
}
