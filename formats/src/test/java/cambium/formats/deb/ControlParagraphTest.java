package cambium.formats.deb;

import static cambium.formats.testing.Parsing.parsed;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import cambium.formats.deb.ControlParagraph.Field;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ControlParagraphTest {
    @Test
    void keepsOrderCaseAndLineBreaks() {
        String text = "Package: x\nB:\nfiles:\n one\n\ttwo\nDescription: short  text\n long\n .\n  indented\n";
        ControlParagraph read = parsed(ControlParagraph.parse(text.getBytes(UTF_8)));

        assertEquals(List.of(new Field("Package", "x"), new Field("B", ""), new Field("files", "\n one\n\ttwo"),
                new Field("Description", "short  text\n long\n .\n  indented")), read.fields());
        assertEquals(text, new String(read.toBytes(), UTF_8));
    }

    @Test
    void findsFieldsWhateverTheirCase() {
        ControlParagraph read = parsed(ControlParagraph.parse("pAckage:   x \t\n".getBytes(UTF_8)));
        assertEquals(Optional.of("x"), read.get("Package"));
        assertEquals(Optional.empty(), read.get("Version"));
    }

    @Test
    void cannotEvenBeBuiltWithAValueThatWouldBreakOut() {
        for (String value : List.of("a\nFilename: evil", "a\n\nPackage: evil", "a\n \nb", "a\r", "a\0", "\nx", " a")) {
            assertThrows(IllegalArgumentException.class, () -> new Field("Description", value), value);
        }
        for (String name : List.of("", "a b", "a:", "#a", "-a", "a\n", "\u00e4")) {
            assertThrows(IllegalArgumentException.class, () -> new Field(name, "x"), name);
        }
        assertThrows(IllegalArgumentException.class,
                () -> new ControlParagraph(List.of(new Field("A", "1"), new Field("a", "2"))));
    }
}
