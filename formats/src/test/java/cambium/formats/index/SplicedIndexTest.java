package cambium.formats.index;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.tukaani.xz.SingleXZInputStream;

class SplicedIndexTest {
    @Test
    void givesValidFilesOfEveryFormAlsoForNoStanzaAtAll() throws IOException {
        var index = new MaterialisedIndex();
        assertFiles(index, "");
        index.append("Package: a\n\n".getBytes(UTF_8));
        assertFiles(index, "Package: a\n\n");
        index.append("Package: b\n\nPackage: c\n\n".getBytes(UTF_8));
        assertFiles(index, "Package: a\n\nPackage: b\n\nPackage: c\n\n");
        index.remove(List.of("Package: b\n\n".getBytes(UTF_8)));
        assertFiles(index, "Package: a\n\nPackage: c\n\n");
        index.remove(List.of("Package: a\n\n".getBytes(UTF_8), "Package: c\n\n".getBytes(UTF_8)));
        assertFiles(index, "");
    }

    @Test
    void refusesBytesThatAreNotWholeStanzas() {
        for (String bad : List.of("Package: a", "Package: a\n", "\nPackage: a\n\n", "Package: a\n\n\n", "\n")) {
            assertThrows(IllegalArgumentException.class, () -> new MaterialisedIndex().append(bad.getBytes(UTF_8)));
        }
    }

    @Test
    void changesNothingWhenThereIsNothingToAppendOrRemove() {
        var index = new MaterialisedIndex();
        index.append("Package: a\n\n".getBytes(UTF_8));
        var nothing = new Change(1, List.of(), List.of());
        assertEquals(nothing, SplicedIndex.appended(index.chunks(), new byte[0], index::load));
        var unknown = List.of("Package: z\n\n".getBytes(UTF_8));
        assertEquals(nothing, SplicedIndex.without(index.chunks(), unknown, index::load));
    }

    static void assertFiles(MaterialisedIndex index, String raw) throws IOException {
        for (IndexForm form : IndexForm.values()) {
            byte[] file = index.bytes(form);
            VirtualIndex described = index.describe(form);
            assertEquals(file.length, described.length());
            assertEquals(ChunkEncoder.sha256Hex(file), described.sha256(), "digest of " + form);
            var in = new ByteArrayInputStream(file);
            byte[] decoded = switch (form) {
                case RAW -> in.readAllBytes();
                case GZ -> new GZIPInputStream(in).readAllBytes();
                case XZ -> new SingleXZInputStream(in).readAllBytes();
            };
            assertArrayEquals(raw.getBytes(UTF_8), decoded, "content of " + form);
            assertEquals(0, in.available(), "bytes behind the end of " + form);
        }
    }
}
