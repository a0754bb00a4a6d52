package cambium.formats.deb;

import static cambium.formats.deb.HostileDeb.CONTROL;
import static cambium.formats.deb.HostileDeb.malformed;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Rows "deb control text" and "deb index injection" of the catalogue.
final class HostileControl {
    private HostileControl() {}

    static Stream<HostileDeb> all() {
        return Stream.concat(text(), Stream.concat(values(), injections()));
    }

    private static Stream<HostileDeb> text() {
        return Stream.of(
                field("Package missing", "Package", "Version: 1.0\nArchitecture: all\n"),
                field("Version missing", "Version", "Package: hello\nArchitecture: all\n"),
                field("Architecture missing", "Architecture", "Package: hello\nVersion: 1.0\n"),
                field("Version empty", "Version", "Package: hello\nVersion:\nArchitecture: all\n"),
                field("field twice", "Depends", CONTROL + "Depends: a\nDepends: b\n"),
                field("field twice in another case", "PACKAGE", CONTROL + "PACKAGE: evil\n"),
                field("NUL in a value", "X", CONTROL + "X: a\0b\n"),
                field("carriage return at the end of a line", "Package",
                        "Package: hello\r\nVersion: 1.0\r\nArchitecture: all\r\n"),
                field("carriage return inside a value", "X", CONTROL + "X: a\rPackage: evil\n"),
                field("escape sequence in a value", "X", CONTROL + "X: \u001b[2J\n"),
                whole("NUL in a name", CONTROL + "X\0: a\n"),
                new HostileDeb("control: invalid UTF-8", HostileDeb.withControl((CONTROL + "X: \u00ff\n")
                        .getBytes(ISO_8859_1)), "deb_malformed", ""),
                whole("overlong UTF-8", new String(new byte[] {(byte) 0xc0, (byte) 0x80}, ISO_8859_1)),
                whole("byte order mark", "\uFEFF" + CONTROL),
                whole("continuation first", " x\n" + CONTROL),
                whole("empty file", ""),
                whole("only blank lines", "\n\n\n"),
                whole("no line feed at the end", CONTROL + "X: y"),
                whole("line without a colon", CONTROL + "just words\n"),
                whole("empty name", CONTROL + ": x\n"),
                whole("blank before the colon", CONTROL + "X : y\n"),
                whole("name that is a comment", CONTROL + "#X: y\n"),
                whole("name of 200 characters", CONTROL + "X".repeat(200) + ": y\n"),
                whole("a million lines", CONTROL + "X: y\n" + " z\n".repeat(300_000)),
                whole("thousands of fields", CONTROL + numberedFields()),
                field("blank continuation line", "Description", CONTROL + "Description: x\n \n more\n"));
    }

    private static Stream<HostileDeb> values() {
        return Stream.of(
                pkg("../x"), pkg("Hello"), pkg("a"), pkg("a".repeat(300)), pkg("-x"), pkg("a/b"), pkg("a b"), pkg(".."),
                pkg("caf\u00e9"), pkg("a_b"), pkg("hello\n more"),
                version("1:2:3"), version("-"), version(":1"), version("1".repeat(10_000)), version("1-"),
                version("2147483648:1"), version("1/../2"), version("1_2"), version("a1"), version("1\n 2"),
                version("1".repeat(127) + "-"),
                architecture("amd64/.."), architecture("AMD64"), architecture("any"), architecture("linux-any"),
                architecture("source"), architecture("amd64 arm64"), architecture("x".repeat(40)), architecture(".."),
                architecture("all\n i386"),
                field("file name too long", "Version", "Package: " + "p".repeat(120) + "\nVersion: " + "1".repeat(125)
                        + "\nArchitecture: " + "a".repeat(30) + "\n"));
    }

    private static Stream<HostileDeb> injections() {
        return Stream.concat(
                DebPackage.SERVER_OWNED.stream().map(name -> field("server-owned " + name, name,
                        CONTROL + name + ": pool/evil.deb\n")),
                Stream.of(
                        field("server-owned in another case", "Filename", CONTROL + "fileNAME: pool/evil.deb\n"),
                        whole("new paragraph in Description", CONTROL
                                + "Description: x\n\nPackage: evil\nFilename: pool/evil.deb\n"),
                        field("Filename behind Description", "Filename",
                                CONTROL + "Description: x\nFilename: pool/evil.deb\n"),
                        field("blank line of blanks in Description", "Description",
                                CONTROL + "Description: x\n \t\nPackage: evil\n"),
                        field("blank line of wide blanks in Description", "Description",
                                CONTROL + "Description: x\n \u2003\n Package: evil\n")));
    }

    private static String numberedFields() {
        var text = new StringBuilder();
        IntStream.range(0, 5_000).forEach(i -> text.append("X-").append(i).append(": y\n"));
        return text.toString();
    }

    private static HostileDeb pkg(String name) {
        return field("Package " + shown(name), "Package", "Package: " + name + "\nVersion: 1.0\nArchitecture: all\n");
    }

    private static HostileDeb version(String version) {
        return field("Version " + shown(version), "Version",
                "Package: hello\nVersion: " + version + "\nArchitecture: all\n");
    }

    private static HostileDeb architecture(String name) {
        return field("Architecture " + shown(name), "Architecture",
                "Package: hello\nVersion: 1.0\nArchitecture: " + name + "\n");
    }

    private static String shown(String value) {
        return value.length() > 30 ? "of " + value.length() + " characters" : value.replace("\n", "\\n");
    }

    private static HostileDeb whole(String name, String control) {
        return malformed("control: " + name, HostileDeb.withControl(control.getBytes(UTF_8)));
    }

    private static HostileDeb field(String name, String field, String control) {
        byte[] deb = HostileDeb.withControl(control.getBytes(UTF_8));
        return new HostileDeb("control: " + name, deb, "deb_malformed", field);
    }
}
