package cambium.formats.deb;

import static cambium.formats.testing.Parsing.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DebVersionTest {
    @Test
    void splitsIntoEpochUpstreamAndRevision() {
        var version = new DebVersion("2:1.0-rc1-3ubuntu1");
        assertEquals(2, version.epoch());
        assertEquals("1.0-rc1", version.upstream());
        assertEquals(Optional.of("3ubuntu1"), version.revision());
        assertEquals("1.0-rc1-3ubuntu1", version.withoutEpoch());
        assertEquals(0, new DebVersion("1.0").epoch());
        assertEquals(Optional.empty(), new DebVersion("1.0").revision());
    }

    @Test
    void ordersTheCasesThatPeopleGetWrong() {
        var ascending = List.of("0~~", "0~", "0", "0.5", "1.0~~", "1.0~beta1", "1.0", "1.0-0.1", "1.0-1~bpo1", "1.0-1",
                "1.0-1+b1", "1.0-1.1", "1.0-2", "1.0-10", "1.0a", "1.0+dfsg", "1.0.1", "1.2", "1.10", "1.10z",
                "20240101", "1:0.1", "2:0~");
        for (int i = 0; i < ascending.size(); i++) {
            for (int j = 0; j < ascending.size(); j++) {
                int order = new DebVersion(ascending.get(i)).compareTo(new DebVersion(ascending.get(j)));
                assertEquals(Integer.compare(i, j), order, ascending.get(i) + " and " + ascending.get(j));
            }
        }
    }

    @Test
    void callsDifferentTextsEquallyNew() {
        for (String text : List.of("0:1.0", "1.00", "1.0-0", "01.0")) {
            assertEquals(0, new DebVersion("1.0").compareTo(new DebVersion(text)), text);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-", ":1", "1:2:3", "a", "~1", "1.0-", "-1", "1:", "x:1", "2147483648:1", "1 2", "1_2",
            "1.0/..", "1\n2", "\u0661", "1.0-1\u00e9", "99999999999999999999:1"})
    void refusesWhatIsNotAVersion(String text) {
        assertEquals(Optional.of("Version"), refused(DebVersion.parse(text)).field());
        assertThrows(IllegalArgumentException.class, () -> new DebVersion(text));
    }

    @Test
    void refusesEndlessDigits() {
        assertEquals("deb_malformed", refused(DebVersion.parse("1".repeat(10_000))).code());
    }
}
