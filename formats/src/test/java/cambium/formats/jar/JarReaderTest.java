package cambium.formats.jar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.formats.ParseResult;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;

/// Jars made by the JDK's own writer of zips.
class JarReaderTest {
    private static final String AT = "META-INF/maven/org.example/thing/pom.properties";
    private static final String GOOD = "#made by\nversion=1.0\ngroupId = org.example\nartifactId:thing\n";

    private long largestRead;

    private static byte[] jar(int method, String comment, Map<String, String> files) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            zip.setComment(comment);
            for (var file : files.entrySet()) {
                byte[] content = file.getValue().getBytes();
                var entry = new ZipEntry(file.getKey());
                entry.setMethod(method);
                if (method == ZipEntry.STORED) {
                    var sum = new CRC32();
                    sum.update(content);
                    entry.setCrc(sum.getValue());
                    entry.setSize(content.length);
                }
                zip.putNextEntry(entry);
                zip.write(content);
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] jar(String... namesAndContents) throws IOException {
        var files = new LinkedHashMap<String, String>();
        for (int i = 0; i < namesAndContents.length; i += 2) {
            files.put(namesAndContents[i], namesAndContents[i + 1]);
        }
        return jar(ZipEntry.DEFLATED, "", files);
    }

    private ParseResult<JarCoordinates> read(byte[] jar) throws IOException {
        return JarReader.coordinates((offset, length) -> {
            largestRead = Math.max(largestRead, length);
            int from = (int) Math.min(offset, jar.length);
            return Arrays.copyOfRange(jar, from, Math.min(from + length, jar.length));
        }, jar.length);
    }

    private void assertKnown(byte[] jar) throws IOException {
        assertEquals(new ParseResult.Parsed<>(new JarCoordinates("org.example", "thing", "1.0")), read(jar));
    }

    private void assertUnknown(String reason, byte[] jar) throws IOException {
        var refused = assertInstanceOf(ParseResult.Malformed.class, read(jar));
        assertEquals("coordinates_missing " + reason, refused.code() + " " + refused.reason());
    }

    @Test
    void findsTheCoordinatesAmongOtherFilesPackedOrNot() throws Exception {
        var files = Map.of("com/Thing.class", "x".repeat(100_000), AT, GOOD, "META-INF/maven/pom.properties", "",
                "META-INF/maven/a/b/pom.xml", "", "x/META-INF/maven/a/b/pom.properties", "version=9");
        for (int method : new int[] {ZipEntry.DEFLATED, ZipEntry.STORED}) {
            assertKnown(jar(method, "", files));
            assertKnown(jar(method, "a comment, as some tools leave it", files));
        }
        assertEquals("org.example:thing:1.0", new JarCoordinates("org.example", "thing", "1.0").text());
    }

    @Test
    void saysWhyTheyAreNotKnown() throws Exception {
        assertUnknown("the jar holds no META-INF/maven/*/*/pom.properties", jar("a.class", ""));
        assertUnknown("the jar holds more than one META-INF/maven/*/*/pom.properties",
                jar(AT, GOOD, "META-INF/maven/org.other/lib/pom.properties", GOOD));
        for (String missing : new String[] {"version", "groupId", "artifactId"}) {
            assertUnknown("the jar's pom.properties lacks groupId, artifactId or version",
                    jar(AT, GOOD.replace(missing, "other")));
        }
        assertUnknown("the jar's pom.properties cannot be read", jar(AT, "version=\\u12x"));
        assertUnknown("the jar's pom.properties cannot be read", jar(AT, GOOD + "#".repeat(65 << 10)));
        assertUnknown("the jar's table of contents cannot be read", new byte[] {'P', 'K', 3, 4});
        assertUnknown("the jar's table of contents cannot be read", new byte[0]);
    }

    /// It answers whatever it is given, and reads no more than it may.
    @Test
    void staysWithinItsBoundsWithBrokenJars() throws Exception {
        byte[] good = jar("com/Thing.class", "x".repeat(300), AT, GOOD, "b", "c");
        assertKnown(good);
        for (int end = 0; end < good.length; end++) {
            assertInstanceOf(ParseResult.Malformed.class, read(Arrays.copyOf(good, end)), "cut at " + end);
        }
        var random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            byte[] broken = good.clone();
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                broken[random.nextInt(broken.length)] = (byte) random.nextInt(256);
            }
            assertNotNull(read(broken), "broken jar " + i);
        }
        assertTrue(largestRead <= 16 << 20, "read " + largestRead + " bytes at once");
    }
}
