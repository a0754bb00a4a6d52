package cambium.formats.rpm;

import static cambium.formats.testing.Parsing.parsed;
import static cambium.formats.testing.Parsing.refused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.formats.testing.HeaderBytes;
import cambium.formats.testing.RpmPacking;
import cambium.formats.testing.Shell;
import cambium.formats.testing.TestRpm;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Packages of format 6, made after its published description; what rpm 6 itself builds is pushed in `acceptance`.
/// rpm 4.18 reads them too, and says whether the older half of what they state is right.
class FormatSixTest {
    private static final List<String> ALL = List.of("header SHA-256", "header SHA3-256", "payload SHA-256",
            "payload SHA-512", "payload SHA3-256", "expanded payload SHA-256", "expanded payload SHA-512",
            "expanded payload SHA3-256");

    private static TestRpm six() {
        return TestRpm.of("hello", "6.0", "1.fc43", "x86_64").formatSix().requires("bash >= 5")
                .file("/usr/bin/hello", "hello\n").folder("/usr/share/hello").ghost("/var/log/hello.log");
    }

    private static RpmPackage read(TestRpm rpm) throws IOException {
        return parsed(RpmReader.read(new ByteArrayInputStream(rpm.build())));
    }

    @ParameterizedTest
    @EnumSource(RpmPacking.class)
    void checksEveryDigestOfThem(RpmPacking packing) throws IOException {
        RpmPackage rpm = read(six().packed(packing));
        assertEquals("hello-6.0-1.fc43.x86_64.rpm", rpm.fileName());
        assertEquals(ALL, rpm.proof().digests());
        assertTrue(rpm.proof().strong());
        assertEquals(List.of(6L, 0L, 0L), rpm.files().stream().map(RpmFile::bytes).toList());
        assertEquals(new RpmSizes(six().packed(packing).build().length, 6, six().cpio().length), rpm.sizes());
    }

    @Test
    void areTakenWithAllTheirSignatures() throws IOException {
        byte[] first = {1, 2, 3};
        byte[] second = new byte[300];
        RpmPackage rpm = read(six().signature(fields -> fields.texts(278, List.of(
                Base64.getEncoder().encodeToString(first), Base64.getMimeEncoder().encodeToString(second)))
                .bytes(268, first)));
        assertEquals(3, rpm.proof().signatures().size());
        assertArrayEquals(first, rpm.proof().signatures().getFirst());
        assertArrayEquals(second, rpm.proof().signatures().get(1));
        assertArrayEquals(first, rpm.proof().signatures().getLast());
        assertEquals(List.of(), rpm.proof().legacySignatures());
    }

    @Test
    void olderRpmFindsThemWhole(@TempDir Path folder) throws IOException {
        Files.write(folder.resolve("six.rpm"), six().build());
        assertEquals(List.of("six.rpm: digests OK"), Shell.run(folder, "rpmkeys --checksig --nosignature six.rpm"));
        assertEquals(List.of("/usr/bin/hello", "/usr/share/hello", "/var/log/hello.log"),
                Shell.run(folder, "rpm -qpl --nosignature six.rpm"));
        assertEquals(List.of("hello"), Shell.run(folder, "rpm2archive six.rpm; tar -xOzf six.rpm.tgz ./usr/bin/hello"));
    }

    /// rpm 6.2 may lay a payload out so that files can be cloned out of it; only its digests are checked then.
    @Test
    void withAnAlignedPayloadAreHashedAndNotWalked() throws IOException {
        RpmPackage rpm = read(six().requires("rpmlib(PayloadAlignment) <= 6.2.0-1").packed(RpmPacking.NONE)
                .payload(new byte[4096]));
        assertEquals(ALL.subList(0, 5), rpm.proof().digests());
    }

    private record Bad(String name, TestRpm rpm) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Bad main(String name, Consumer<HeaderBytes> edit) {
        return new Bad(name, six().header(edit));
    }

    private static Bad signature(String name, Consumer<HeaderBytes> edit) {
        return new Bad(name, six().signature(edit));
    }

    static Stream<Bad> bad() {
        String none = "00".repeat(32);
        return Stream.of(
                signature("wrong SHA3 of the header", fields -> fields.text(279, none)),
                signature("no SHA3 of the header", fields -> fields.without(279)),
                signature("no SHA-256 of the header", fields -> fields.without(273)),
                signature("SHA-1 of the header", fields -> fields.text(269, "00".repeat(20))),
                signature("MD5 of both", fields -> fields.bytes(1004, new byte[16])),
                signature("signature over both", fields -> fields.bytes(1002, new byte[16])),
                signature("signature that is not base64", fields -> fields.texts(278, List.of("a*b="))),
                signature("65 signatures", fields -> fields.texts(278, Collections.nCopies(65, "AQID"))),
                signature("one signature as one text", fields -> fields.text(278, "AQID")),
                main("wrong SHA3 of the payload", fields -> fields.text(5123, none)),
                main("wrong SHA-512 of the payload", fields -> fields.text(5121, none + none)),
                main("wrong SHA3 of the expanded payload", fields -> fields.text(5124, none)),
                main("short SHA-512", fields -> fields.text(5121, none)),
                main("no SHA-256 of the payload", fields -> fields.without(5092)),
                main("wrong size of the payload", fields -> fields.longs(5112, List.of(1L))),
                main("no word on its texts", fields -> fields.without(5062)),
                main("texts in another encoding", fields -> fields.text(5062, "latin1")),
                main("format 7", fields -> fields.number(5114, 7)),
                new Bad("tags out of order", six().rawHeader(FormatSixTest::unordered)));
    }

    /// The index entry of Release says it is Version's, and the other way round.
    private static byte[] unordered(byte[] header) {
        int at = HostileRpm.indexOf(header, 1001);
        return HostileRpm.number(at + 16, 1001).apply(HostileRpm.number(at, 1002).apply(header));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bad")
    void areRefusedWhenTheyAreNotWhatTheySay(Bad bad) throws IOException {
        assertEquals("rpm_malformed", refused(RpmReader.read(new ByteArrayInputStream(bad.rpm().build()))).code());
    }
}
