package cambium.formats.rpm;

import static cambium.formats.testing.Parsing.parsed;
import static cambium.formats.testing.Parsing.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EvrTest {

    @ParameterizedTest
    @CsvSource({"1.0-1, 1.0-2", "1.0-1, 1:0.1-1", "1.0~rc1-1, 1.0-1", "1.0-1, 1.0^git1-1", "1.0^git1-1, 1.0.1-1",
        "1.0^git1~pre-1, 1.0^git1-1", "1.0a-1, 1.0.1-1", "9-1, 10-1", "1.0-1, 1.0a-1", "1.0-a, 1.0-1"})
    void ordersAsRpmDoes(String older, String newer) {
        assertTrue(parsed(Evr.parse(older)).compareTo(parsed(Evr.parse(newer))) < 0);
        assertTrue(parsed(Evr.parse(newer)).compareTo(parsed(Evr.parse(older))) > 0);
    }

    @ParameterizedTest
    @CsvSource({"1.0-1, 0:1.0-1", "1.00-1, 1.0-1", "1_0-1, 1.0-01", "1..0-1, 1.0-1"})
    void differentTextsMayBeEquallyNew(String one, String other) {
        assertEquals(0, parsed(Evr.parse(one)).compareTo(parsed(Evr.parse(other))));
    }

    @Test
    void keepsItsParts() {
        Evr evr = parsed(Evr.parse("3:1.0-2.el9"));
        assertEquals(new Evr(OptionalInt.of(3), "1.0", "2.el9"), evr);
        assertEquals("1.0-2.el9", evr.withoutEpoch());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1.0", "-1", "1-", ":1-1", "x:1-1", "9999999999:1-1", "1/2-1", "1-1 ", "1-1\n",
        "\u0661-1"})
    void refusesWhatIsNoVersion(String text) {
        assertEquals("rpm_malformed", refused(Evr.parse(text)).code());
    }

    @Test
    void refusesAVersionWithoutEnd() {
        assertEquals("Version", refused(Evr.parse("1".repeat(10_000) + "-1")).field().orElseThrow());
    }
}
