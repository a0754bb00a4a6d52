package cambium.formats.rpm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.formats.ParseResult;
import cambium.formats.testing.Mutation;
import cambium.formats.testing.RpmPacking;
import cambium.formats.testing.Shell;
import cambium.formats.testing.TestRpm;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Damaged packages: each is understood or refused, nothing else; and what is understood is harmless in an index and
/// is what rpm itself understands.
class MutatedRpmPropertyTest {
    private static final long SEED = 20261122;
    private static final int MUTANTS = 6_000;
    private static final int SHOWN_TO_RPM = 150;
    private static final String SHA256 = "0".repeat(64);

    @Test
    void mutantsAreUnderstoodOrRefused(@TempDir Path folder) throws Exception {
        var random = new Random(SEED);
        var shown = new TreeMap<String, String>();
        int understood = 0;
        for (int i = 0; i < MUTANTS; i++) {
            byte[] rpm = mutant(random);
            try {
                switch (RpmReader.read(new ByteArrayInputStream(rpm))) {
                    case ParseResult.Parsed<RpmPackage>(var read) -> {
                        understood++;
                        assertSafe(read);
                        if (i % 3 == 0 && shown.size() < SHOWN_TO_RPM) {
                            Files.write(folder.resolve(i + ".rpm"), rpm);
                            shown.put(i + ".rpm", read.name() + " " + read.evr() + " " + read.files().size());
                        }
                    }
                    case ParseResult.Malformed<RpmPackage>(var code, var reason, _) -> {
                        assertTrue(List.of("rpm_malformed", "corrupt", "too_large_expanded").contains(code), code);
                        assertTrue(!reason.isEmpty() && reason.length() < 300, reason);
                    }
                }
            } catch (RuntimeException | AssertionError | IOException broken) {
                throw new AssertionError("mutant " + i + " of seed " + SEED, broken);
            }
        }
        assertTrue(understood > MUTANTS / 50 && understood < MUTANTS / 2, understood + " of " + MUTANTS);
        assertRpmAgrees(folder, shown);
    }

    @Test
    void noTruncationIsUnderstood() throws IOException {
        for (RpmPacking packing : RpmPacking.values()) {
            byte[] rpm = whole().packed(packing).build();
            for (int length = 0; length < rpm.length; length++) {
                var result = RpmReader.read(new ByteArrayInputStream(Arrays.copyOf(rpm, length)));
                assertInstanceOf(ParseResult.Malformed.class, result, packing + " cut to " + length);
            }
        }
    }

    /// Whatever got through: its entries are well-formed XML in which its texts are texts.
    private static void assertSafe(RpmPackage read) throws Exception {
        for (byte[] entry : List.of(RpmEntries.primary(read, "x.rpm", SHA256, 7), RpmEntries.filelists(read, SHA256),
                RpmEntries.other(read, SHA256))) {
            String text = new String(entry, UTF_8);
            assertTrue(text.indexOf("\n\n") == text.length() - 2, text);
            // One root for each of the three, which declares the prefix of primary.
            byte[] xml = ("<x xmlns:rpm=\"y\">" + text + "</x>").getBytes(UTF_8);
            var root = DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder()
                    .parse(new ByteArrayInputStream(xml)).getDocumentElement();
            assertEquals(1, root.getElementsByTagName("package").getLength());
            assertEquals(1, root.getElementsByTagName("version").getLength());
        }
    }

    /// What we accept, rpm reads in the same way; but it also knows the types of tags that we never look at.
    private static void assertRpmAgrees(Path folder, TreeMap<String, String> shown) {
        List<String> answers = new ArrayList<>(Shell.run(folder, """
                name='%%{NAME} %%|EPOCH?{%%{EPOCH}:}|%%{VERSION}-%%{RELEASE}'
                for rpm in %s; do
                    rpm --query --nosignature --queryformat "$name"' %%|BASENAMES?{%%{#BASENAMES}}:{0}|\n' \
                        --package $rpm 2>errors || head -n 1 errors
                done
                """.formatted(String.join(" ", shown.keySet()))));
        assertEquals(shown.size(), answers.size());
        int stricter = 0;
        for (String expected : shown.values()) {
            String answer = answers.removeFirst();
            if (answer.matches("error: [0-9]+.rpm: tag\\[[0-9]+]: BAD, tag [0-9]+ type [0-9].*")) {
                stricter++;
            } else {
                assertEquals(expected, answer, "seed " + SEED);
            }
        }
        assertTrue(stricter < shown.size() / 10, stricter + " of " + shown.size());
    }

    /// Damage at one of four depths: the file, the header, the signature header, the archive.
    private static byte[] mutant(Random random) {
        TestRpm whole = whole().packed(RpmPacking.values()[random.nextInt(RpmPacking.values().length)]);
        return switch (random.nextInt(8)) {
            case 0 -> Mutation.of(whole.build(), random);
            case 1 -> whole.rawSignature(bytes -> Mutation.of(bytes, random)).build();
            case 2 -> whole.packed(RpmPacking.NONE).payload(Mutation.of(whole.cpio(), random))
                    .header(fields -> fields.without(5097)).build();
            default -> whole.rawHeader(bytes -> Mutation.of(bytes, random)).build();
        };
    }

    private static TestRpm whole() {
        return TestRpm.of("hello", "1.0", "1.el9", "x86_64").epoch(1).requires("bash >= 5").requires("libc.so.6")
                .conflicts("bye < 2-1").file("/usr/bin/hello", "hello\n").folder("/usr/share/hello")
                .ghost("/var/log/hello").change(1_767_000_000, "Ann <a@example.org>", "- first & <b>second</b>");
    }
}
