package cambium.formats.rpm;

import static cambium.formats.rpm.HostileRpm.field;
import static cambium.formats.rpm.HostileRpm.good;
import static cambium.formats.rpm.HostileRpm.header;
import static cambium.formats.rpm.HostileRpm.malformed;

import cambium.formats.testing.TestRpm;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/// What can be wrong with the values in a header whose frame is right.
final class HostileRpmTags {
    private HostileRpmTags() {}

    static Stream<HostileRpm> all() {
        return Stream.of(identity(), types(), arrays(), files(), bounds()).flatMap(group -> group);
    }

    private static Stream<HostileRpm> identity() {
        return Stream.of(
                field("no name", "Name", good().header(fields -> fields.without(1000))),
                field("no version", "Version", good().header(fields -> fields.without(1001))),
                field("no release", "Release", good().header(fields -> fields.without(1002))),
                field("no architecture", "Arch", good().header(fields -> fields.without(1022))),
                field("empty name", "Name", good().header(fields -> fields.text(1000, ""))),
                field("name that climbs", "Name", TestRpm.of("../../etc/x", "1", "1", "noarch")),
                field("name with a line end", "Name", TestRpm.of("a\nb", "1", "1", "noarch")),
                field("name of markup", "Name", TestRpm.of("<script>", "1", "1", "noarch")),
                field("name that looks like an option", "Name", TestRpm.of("-rf", "1", "1", "noarch")),
                field("name that is a dot", "Name", TestRpm.of(".", "1", "1", "noarch")),
                field("name of 300 characters", "Name", TestRpm.of("a".repeat(300), "1", "1", "noarch")),
                field("name beyond ASCII", "Name", TestRpm.of("\u0430pache", "1", "1", "noarch")),
                field("version with a slash", "Version", TestRpm.of("a", "1/2", "1", "noarch")),
                field("version with a hyphen", "Version", TestRpm.of("a", "1-2", "1", "noarch")),
                field("version with a colon", "Version", TestRpm.of("a", "1:2", "1", "noarch")),
                field("version of 10,000 digits", "Version", TestRpm.of("a", "1".repeat(10_000), "1", "noarch")),
                field("release with a hyphen", "Release", TestRpm.of("a", "1", "1-1", "noarch")),
                field("release with a blank", "Release", TestRpm.of("a", "1", "1 1", "noarch")),
                field("together too long", "Version",
                        TestRpm.of("a".repeat(120), "1".repeat(120), "1".repeat(60), "noarch")),
                field("architecture that climbs", "Arch", TestRpm.of("a", "1", "1", "x86_64/..")),
                field("architecture in upper case", "Arch", TestRpm.of("a", "1", "1", "SRPMS")),
                field("source package that was built", "Arch", good().header(fields -> fields.text(1022, "src"))),
                field("epoch over all bounds", "Epoch", good().header(fields -> fields.number(1003, -1))));
    }

    private static Stream<HostileRpm> types() {
        return Stream.of(
                header("epoch as text", fields -> fields.text(1003, "1")),
                header("two epochs", fields -> fields.ints(1003, List.of(1, 2))),
                header("name as number", fields -> fields.number(1000, 7)),
                header("name as a list", fields -> fields.texts(1000, List.of("hello"))),
                header("names of files as one text", fields -> fields.text(1117, "hello")),
                header("build time as text", fields -> fields.text(1006, "now")),
                header("build time as bytes", fields -> fields.bytes(1006, new byte[] {1})),
                header("size beyond all bounds", fields -> fields.without(1009).longs(5009, List.of(-1L))),
                header("more languages than named", fields ->
                        fields.put(1004, 9, 2, 1, new byte[] {'a', 0, 'b', 0})),
                header("payload format of delta packages", fields -> fields.text(1124, "drpm")),
                header("payload compressed in an unknown way", fields -> fields.text(1125, "rot13")),
                header("format 5", fields -> fields.number(5114, 5)),
                header("digest of an unknown kind", fields -> fields.number(5093, 99)),
                header("two digests of one payload", fields ->
                        fields.texts(5092, List.of("0".repeat(64), "0".repeat(64)))),
                header("wrong payload digest", fields -> fields.texts(5092, List.of("0".repeat(64)))),
                header("wrong digest of the expanded payload", fields -> fields.texts(5097, List.of("0".repeat(64)))));
    }

    private static Stream<HostileRpm> arrays() {
        return Stream.of(
                header("requires without versions", fields -> fields.without(1050)),
                header("requires without flags", fields -> fields.without(1048)),
                header("versions without requires", fields -> fields.without(1049)),
                header("more flags than requires", fields -> fields.ints(1048, List.of(0, 0, 0))),
                header("changes without times", fields -> fields.without(1080)),
                header("changes without texts", fields -> fields.without(1082)),
                header("changes without authors", fields -> fields.without(1081)),
                header("more times than changes", fields -> fields.ints(1080, List.of(1, 2))));
    }

    private static Stream<HostileRpm> files() {
        return Stream.of(
                header("file in no folder", fields -> fields.ints(1116, List.of(0, 7))),
                header("file in folder -1", fields -> fields.ints(1116, List.of(0, -1))),
                header("files without folder numbers", fields -> fields.without(1116)),
                header("folder numbers without files", fields -> fields.without(1117)),
                header("files without sizes", fields -> fields.without(1028)),
                header("files without modes", fields -> fields.without(1030)),
                header("files without flags", fields -> fields.without(1037)),
                header("one mode for two files", fields -> fields.shorts(1030, List.of(0100644))),
                header("relative folder", fields -> fields.texts(1118, List.of("usr/bin/", "/usr/share/"))),
                header("folder without a slash", fields -> fields.texts(1118, List.of("/usr/bin", "/usr/share/"))),
                header("file name with a slash", fields -> fields.texts(1117, List.of("../hello", "hello"))),
                header("size of a file beyond all bounds", fields ->
                        fields.without(1028).longs(5008, List.of(-1L, 0L))));
    }

    private static Stream<HostileRpm> bounds() {
        return Stream.of(
                header("2 MiB of description", fields -> fields.localised(1005, "&".repeat(2 << 20))),
                header("5 MiB of changes", fields -> fields.texts(1082, List.of("<".repeat(5 << 20)))),
                header("200,000 requirements", fields -> fields.texts(1049, Collections.nCopies(200_000, "a"))),
                header("9 MiB of requirements", fields -> fields.texts(1049, List.of("a".repeat(9 << 20)))),
                header("300,000 files", fields -> fields.texts(1117, Collections.nCopies(300_000, "a"))),
                malformed("paths that escaping makes too long for an index", manyPaths("&", 2_000)),
                malformed("paths of 40 MiB in a small header", manyPaths("a", 10_000)));
    }

    /// One long folder, named by many files.
    private static TestRpm manyPaths(String letter, int files) {
        var rpm = TestRpm.of("hello", "1.0", "1", "noarch");
        return rpm.header(fields -> fields.texts(1117, Collections.nCopies(files, "a"))
                .texts(1118, List.of("/" + letter.repeat(4_000) + "/")).ints(1116, Collections.nCopies(files, 0))
                .ints(1028, Collections.nCopies(files, 0)).shorts(1030, Collections.nCopies(files, 0100644))
                .ints(1037, Collections.nCopies(files, 0)));
    }
}
