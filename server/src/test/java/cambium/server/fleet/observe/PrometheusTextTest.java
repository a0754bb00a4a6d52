package cambium.server.fleet.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.server.fleet.observe.PrometheusText.Reading;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PrometheusTextTest {
    private static Reading read(String text) {
        return PrometheusText.read(text.getBytes(StandardCharsets.UTF_8), Set.of("http_requests_total", "up"));
    }

    private static Reading.Read good(String text) {
        return assertInstanceOf(Reading.Read.class, read(text));
    }

    private static String bad(String text) {
        return assertInstanceOf(Reading.Malformed.class, read(text)).reason();
    }

    @Test
    void readsWantedSeriesWithLabelsTimestampsAndEscapes() {
        var read = good("""
                # HELP http_requests_total Requests.
                # TYPE http_requests_total counter
                http_requests_total{code="200",path="/a\\"b\\\\\\n"} 1027 1395066363000
                http_requests_total { code = "500" , } 3.5e1
                other_metric{x="y"} 1
                up 1
                """);
        assertEquals(3, read.series().size());
        assertEquals("{code=200, path=/a\"b\\\n}", read.series().get(0).labels().toString());
        assertEquals(1027.0, read.series().get(0).value());
        assertEquals(35.0, read.series().get(1).value());
        assertEquals(0, read.dropped());
    }

    @Test
    void dropsWhatCannotBeCountedWith() {
        var read = good("up NaN\nup +Inf\nup -Inf\nup -1\nup 0\n");
        assertEquals(1, read.series().size());
        assertEquals(4, read.dropped());
    }

    @Test
    void oneMalformedLineMakesTheWholeTextMalformed() {
        assertEquals("line 2: bad value", bad("up 1\nup 0x10\n"));
        assertEquals("line 1: needs one value", bad("up\n"));
        assertEquals("line 1: needs one value", bad("up 1 2 3\n"));
        assertEquals("line 1: labels do not end", bad("up{a=\"1\" b=\"2\"} 1\n"));
        assertEquals("line 1: a label value does not end", bad("up{a=\"1\n"));
        assertEquals("line 1: a name is expected at column 1", bad("9up 1\n"));
        assertEquals("line 1: unknown escape in a label value", bad("up{a=\"\\x\"} 1\n"));
        assertTrue(bad("up{a=\"1\",a=\"2\"} 1\n").startsWith("line 1: label 'a' twice"));
        assertEquals("line 1: bad value", bad("up " + "9".repeat(300) + "\n"));
    }

    @Test
    void boundsAFloodOfSeriesLinesAndLabels() {
        var flood = new StringBuilder();
        for (var i = 0; i <= PrometheusText.MAX_SERIES; i++) {
            flood.append("up{i=\"").append(i).append("\"} 1\n");
        }
        assertEquals("more than 2000 series", bad(flood.toString()));
        assertEquals("more than 50000 lines", bad("\n".repeat(60_000)));
        assertEquals("line 1: longer than 8192 characters", bad("up{a=\"" + "x".repeat(9000) + "\"} 1"));
    }
}
