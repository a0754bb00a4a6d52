package cambium.formats.rpm;

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
class HostileRpmTest {
    private static final String FOR_PEOPLE = "[ -~]{10,200}";

    static Stream<HostileRpm> catalogue() {
        return Stream.of(HostileRpmHeader.all(), HostileRpmTags.all(), HostilePayload.all()).flatMap(group -> group);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("catalogue")
    void refusesWithTheRightCodeAndField(HostileRpm hostile) throws IOException {
        Malformed<RpmPackage> refused = refused(RpmReader.read(new ByteArrayInputStream(hostile.rpm())));
        assertEquals(hostile.code(), refused.code(), refused.reason());
        assertEquals(hostile.field(), refused.field().orElse(""), refused.reason());
        assertEquals(true, refused.reason().matches(FOR_PEOPLE), refused.reason());
        assertFalse(refused.reason().contains("Exception"), refused.reason());
    }
}
