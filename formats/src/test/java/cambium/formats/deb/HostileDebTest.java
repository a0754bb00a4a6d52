package cambium.formats.deb;

import static cambium.formats.testing.Parsing.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import cambium.formats.ParseResult.Malformed;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Walks the catalogue of bad packages, one named input after another.
class HostileDebTest {
    private static final String FOR_PEOPLE = "[ -~]{10,200}";

    static Stream<HostileDeb> catalogue() {
        return Stream.of(HostileAr.all(), HostileStructure.all(), HostileControl.all(), HostileTar.all(),
                HostileCompression.all()).flatMap(group -> group);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("catalogue")
    void refusesWithTheRightCodeAndField(HostileDeb hostile) throws IOException {
        Malformed<DebPackage> refused = refused(DebReader.read(new ByteArrayInputStream(hostile.deb())));
        assertEquals(hostile.code(), refused.code(), refused.reason());
        assertEquals(hostile.field(), refused.field().orElse(""), refused.reason());
        assertEquals(true, refused.reason().matches(FOR_PEOPLE), refused.reason());
        assertFalse(refused.reason().contains("Exception"), refused.reason());
    }
}
