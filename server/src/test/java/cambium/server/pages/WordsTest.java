package cambium.server.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class WordsTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    @Test
    void saysLengthsOfTimeInTheUnitThatFits() {
        assertEquals("0 s", Words.length(Duration.ofSeconds(-5)));
        assertEquals("59 s", Words.length(Duration.ofSeconds(59)));
        assertEquals("4 min 05 s", Words.length(Duration.ofSeconds(245)));
        assertEquals("3 h 20 min", Words.length(Duration.ofMinutes(200)));
        assertEquals("2 d 4 h", Words.length(Duration.ofHours(52)));
    }

    @Test
    void countsDownInWholeSecondsAndNeverBelowNow() {
        assertEquals("13 s left", Words.left(NOON.plusMillis(12_001), NOON));
        assertEquals("12 s left", Words.left(NOON.plusSeconds(12), NOON));
        assertEquals("now", Words.left(NOON, NOON));
        assertEquals("now", Words.left(NOON.minusSeconds(9), NOON));
    }

    @Test
    void saysHowLongAgoSomethingWas() {
        assertEquals("just now", Words.ago(NOON, NOON));
        assertEquals("12 s ago", Words.ago(NOON.minusSeconds(12), NOON));
        assertEquals("21 Nov 2026 12:00:00 UTC", Words.moment(NOON));
    }

    @Test
    void saysSizesInDecimalUnits() {
        assertEquals("999 B", Words.bytes(999));
        assertEquals("1.0 kB", Words.bytes(1000));
        assertEquals("1.0 MB", Words.bytes(999_960));
        assertEquals("20.1 MB", Words.bytes(20_100_000));
    }

    @Test
    void saysInstantsInSentencesAsTheClockShowsThem() {
        assertEquals("runs since 11:59:01 UTC, until 22 Nov 2026 01:00:00 UTC",
                Words.readable("runs since 2026-11-21T11:59:01.439240250Z, until 2026-11-22T01:00:00Z", NOON));
        assertEquals("at 2026-99-99", Words.readable("at 2026-99-99", NOON));
        assertEquals("v2026-02-31T25:00:00", Words.readable("v2026-02-31T25:00:00", NOON));
    }
}
