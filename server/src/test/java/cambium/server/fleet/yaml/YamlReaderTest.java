package cambium.server.fleet.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class YamlReaderTest {
    private static String complaint(String text) {
        var reading = YamlReader.read(text.getBytes(StandardCharsets.UTF_8));
        return assertInstanceOf(YamlReader.Reading.Malformed.class, reading).problem().sentence();
    }

    @Test
    void readsPlainDataWithLines() {
        var reading = YamlReader.read("fleet: x\nrings:\n  - {ring: 0}\n".getBytes(StandardCharsets.UTF_8));
        var root = assertInstanceOf(YamlReader.Reading.Read.class, reading).root();
        var fields = assertInstanceOf(YamlValue.Fields.class, root).fields();
        assertEquals("fleet", fields.get(0).name());
        assertEquals(2, fields.get(1).line());
        assertEquals(3, fields.get(1).value().line());
    }

    @Test
    void refusesWhatCouldExpandOrBuildObjects() {
        assertEquals("line 1: anchors (&name) are not supported", complaint("a: &x [1]\nb: *x\n"));
        assertEquals("line 1: aliases (*name) are not supported", complaint("b: *x\n"));
        assertEquals("line 2: tags (!name) are not supported", complaint("a: 1\nb: !!java.net.URL [x]\n"));
        assertEquals("line 1: tags (!name) are not supported", complaint("a: !!str 1\n"));
    }

    @Test
    void refusesDoubledFieldsAndSeveralDocuments() {
        assertEquals("line 2: field 'a' is written twice", complaint("a: 1\na: 2\n"));
        assertEquals("line 2: more than one document in the text", complaint("a: 1\n--- \nb: 1\n"));
        assertEquals("line 1: a field name must be a word", complaint("? [1, 2]\n: x\n"));
    }

    @Test
    void boundsSizeDepthAndNumberOfValues() {
        assertEquals("larger than 8388608 bytes", complaint("#".repeat(FleetYaml.MAX_BYTES) + "\n"));
        assertEquals("line 1: nested deeper than 12", complaint("[".repeat(100_000)));
        assertEquals("line 1: more than 500000 values", complaint("[" + "1,".repeat(500_001) + "]"));
    }

    @Test
    void namesTheLineOfBrokenText() {
        assertEquals("line 3", complaint("a: 1\nb:\n\t- x\n").substring(0, 6));
        assertEquals("the text is empty", complaint("# nothing\n"));
        var latin = YamlReader.read(new byte[] {'a', ':', ' ', (byte) 0xe9});
        assertEquals("not UTF-8", ((YamlReader.Reading.Malformed) latin).problem().message());
    }
}
