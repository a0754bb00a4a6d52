package cambium.formats.rpm;

import static cambium.formats.testing.Parsing.parsed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.formats.PackageDescription;
import cambium.formats.testing.RpmPacking;
import cambium.formats.testing.TestRpm;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RpmReaderTest {

    @Test
    void readsWhatAPackageSaysAboutItself() throws IOException {
        RpmPackage rpm = read(TestRpm.of("hello", "2.10~rc1", "3.el9", "x86_64").epoch(2).summary("Says hello")
                .requires("libc.so.6").requires("bash >= 5-1").provides("greeter").conflicts("bye < 1:0")
                .file("/usr/bin/hello", "hello\n").folder("/usr/share/hello").ghost("/var/log/hello.log")
                .change(1_767_000_000, "Ann <ann@example.org> - 2.10-3", "- newer")
                .change(1_766_000_000, "Bob <bob@example.org> - 2.10-2", "- older").build());
        assertEquals("hello", rpm.name());
        assertEquals(new Evr(OptionalInt.of(2), "2.10~rc1", "3.el9"), rpm.evr());
        assertEquals("x86_64", rpm.architecture());
        assertEquals("hello-2.10~rc1-3.el9.x86_64.rpm", rpm.fileName());
        assertFalse(rpm.source());
        assertEquals("Says hello", rpm.texts().summary());
        assertEquals(List.of("libc.so.6", "bash >= 5-1"), relation(rpm, RpmRelation.REQUIRES));
        assertEquals(List.of("greeter", "hello = 2:2.10~rc1-3.el9"), relation(rpm, RpmRelation.PROVIDES));
        assertEquals(List.of("bye < 1:0"), relation(rpm, RpmRelation.CONFLICTS));
        assertEquals(List.of(), relation(rpm, RpmRelation.ENHANCES));
        assertEquals(List.of(new RpmFile("/usr/bin/", "hello", RpmFile.Kind.FILE, 6),
                new RpmFile("/usr/share/", "hello", RpmFile.Kind.FOLDER, 0),
                new RpmFile("/var/log/", "hello.log", RpmFile.Kind.GHOST, 0)), rpm.files());
        assertEquals(List.of("- newer", "- older"), rpm.changes().stream().map(RpmChange::text).toList());
        assertTrue(rpm.proof().strong());
        assertFalse(rpm.proof().signed());
    }

    @Test
    void isDescribedInTheWordsOfAllFormats() throws IOException {
        PackageDescription shown = RpmDescription.of(read(TestRpm.of("hello", "2.10", "3.el9", "x86_64").epoch(2)
                .requires("bash >= 5-1").conflicts("bye").file("/usr/bin/hello", "hello\n")
                .change(1_767_000_000, "Ann - 2.10-3", "- newer").build()));
        assertEquals("2:2.10-3.el9", shown.fullVersion());
        assertEquals(List.of("MIT"), shown.licenses());
        assertEquals(List.of(new PackageDescription.Dependencies("requires", List.of("bash >= 5-1")),
                new PackageDescription.Dependencies("provides", List.of("hello = 2:2.10-3.el9")),
                new PackageDescription.Dependencies("conflicts", List.of("bye"))), shown.dependencies());
        assertTrue(shown.facts().contains(
                new PackageDescription.Fact("Changelog", "2025-12-29 Ann - 2.10-3\n- newer")), shown.toString());
    }

    @Test
    void readsASourcePackage() throws IOException {
        RpmPackage rpm = read(TestRpm.of("hello", "1", "1", "src").file("hello.spec", "Name: hello\n").build());
        assertTrue(rpm.source());
        assertEquals("hello-1-1.src.rpm", rpm.fileName());
        assertEquals("", rpm.texts().sourceRpm());
        assertEquals("hello.spec", rpm.files().getFirst().path());
    }

    @ParameterizedTest
    @EnumSource(RpmPacking.class)
    void readsEveryPacking(RpmPacking packing) throws IOException {
        RpmPackage rpm = read(TestRpm.of("hello", "1", "1", "noarch").file("/usr/share/hello", "hello ".repeat(1000))
                .packed(packing).build());
        assertEquals(6000, rpm.files().getFirst().bytes());
    }

    @Test
    void aFailingSourceIsNotABadPackage() {
        byte[] rpm = TestRpm.of("hello", "1", "1", "noarch").file("/usr/share/hello", "hello").build();
        for (int end = 0; end < rpm.length; end += 97) {
            int failingAt = end;
            var failing = new InputStream() {
                private int at;

                @Override
                public int read() throws IOException {
                    if (at == failingAt) {
                        throw new IOException("disk on fire");
                    }
                    return rpm[at++] & 0xff;
                }
            };
            assertEquals("disk on fire",
                    assertThrows(IOException.class, () -> RpmReader.read(failing)).getMessage());
        }
    }

    private static RpmPackage read(byte[] rpm) throws IOException {
        return parsed(RpmReader.read(new ByteArrayInputStream(rpm)));
    }

    private static List<String> relation(RpmPackage rpm, RpmRelation relation) {
        return rpm.relations().get(relation).stream().map(RpmDependency::toString).toList();
    }
}
