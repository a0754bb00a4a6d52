package cambium.formats.deb;

import static org.junit.jupiter.api.Assertions.assertEquals;

import cambium.formats.PackageDescription;
import cambium.formats.ParseResult;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class DebDescriptionTest {
    private static PackageDescription described(String control) {
        var paragraph = (ParseResult.Parsed<ControlParagraph>)
                ControlParagraph.parse(control.getBytes(StandardCharsets.UTF_8));
        return DebDescription.of(((ParseResult.Parsed<DebPackage>) DebPackage.of(paragraph.value())).value());
    }

    @Test
    void saysEverythingInSharedWords() {
        PackageDescription hello = described("""
                Package: hello
                Version: 2:1.0-7
                Architecture: amd64
                Depends: libc6 (>= 2.36), bash
                Description: greets
                 at length
                 .
                 and again
                """);
        assertEquals("hello_1.0-7_amd64.deb", hello.fileName());
        assertEquals(OptionalInt.of(2), hello.epoch());
        assertEquals("1.0", hello.version());
        assertEquals(Optional.of("7"), hello.release());
        assertEquals("2:1.0-7", hello.fullVersion());
        assertEquals("greets", hello.summary());
        assertEquals("greets\nat length\n\nand again", hello.description());
        assertEquals(List.of(new PackageDescription.Dependencies("depends", List.of("libc6 (>= 2.36)", "bash"))),
                hello.dependencies());
        assertEquals("Architecture", hello.facts().get(2).name());
    }

    @Test
    void aVersionWithoutEpochAndRevisionHasNone() {
        PackageDescription hello = described("Package: hello\nVersion: 1.0\nArchitecture: all\n");
        assertEquals("1.0", hello.fullVersion());
        assertEquals(Optional.empty(), hello.release());
        assertEquals("", hello.summary());
    }
}
