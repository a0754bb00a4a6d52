package cambium.formats.deb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.formats.testing.TarBytes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SentTarTest {
    private static List<String> read(byte[] archive) throws IOException {
        var seen = new ArrayList<String>();
        var tar = new SentTar(new ByteArrayInputStream(archive));
        for (var entry = tar.next(); entry.isPresent(); entry = tar.next()) {
            seen.add(entry.get().name() + (entry.get().isFile() ? "=" : "!")
                    + new String(entry.get().content().readAllBytes(), StandardCharsets.UTF_8));
        }
        return seen;
    }

    @Test
    void givesFilesInOrderAndTellsWhatIsNone() throws IOException {
        assertEquals(List.of("a=one", "../b=", "link!", "c=three"), read(new TarBytes().folder("d").file("a", "one")
                .file("../b", "").entry("link", '2', new byte[0]).file("c", "three").toBytes()));
    }

    @Test
    void understandsLongNamesOfBothKinds() throws IOException {
        String name = "n".repeat(300);
        assertEquals(List.of(name + "=x", "b=y"), read(new TarBytes().pax("path", name).file("short", "x")
                .file("b", "y").toBytes()));
        assertEquals(List.of(name + "=x", "b=y"), read(new TarBytes()
                .entry("@LongLink", 'L', (name + "\0").getBytes(StandardCharsets.UTF_8)).file("short", "x")
                .file("b", "y").toBytes()));
    }

    @Test
    void skipsWhatWasNotRead() throws IOException {
        var tar = new SentTar(new ByteArrayInputStream(new TarBytes().file("a", "x".repeat(5_000)).file("b", "y")
                .toBytes()));
        assertEquals(5_000, tar.next().orElseThrow().sizeBytes());
        assertEquals("b", tar.next().orElseThrow().name());
        assertTrue(tar.next().isEmpty());
    }

    @Test
    void refusesWhatBreaksOffAtEveryByte() {
        byte[] whole = new TarBytes().file("a", "one").file("b", "two").toBytes();
        for (int length = 0; length < whole.length - 1024 + 512; length += 7) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThrows(SentTar.Malformed.class, () -> read(cut), () -> cut.length + " bytes");
        }
        assertThrows(SentTar.Malformed.class, () -> read("no archive".repeat(100).getBytes(StandardCharsets.UTF_8)));
    }
}
