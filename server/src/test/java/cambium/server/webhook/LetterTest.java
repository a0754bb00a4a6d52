package cambium.server.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.server.webhook.EventLog.Line;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LetterTest {
    private static final Instant AT = Instant.parse("2026-11-29T02:03:04.567Z");
    private static final Map<String, Object> FLEET = Map.of("fleet", "shop");

    private static Line line(String what) {
        return new Line(AT, what, Optional.of("anna"), Optional.of("five errors in a minute"),
            Optional.of("ring 1 waits for ring 0"), "/cells/c1");
    }

    private static Letter letter(List<Line> lines) {
        return Letter.of(lines, FLEET, "https://cambium.example.org", "To end these mails: do so");
    }

    @Test
    void saysFirstWhatHappenedThenWhyWhatItWaitsForAndWhereToLook() {
        assertEquals(new Letter("[shop] 1.2.0 failed on c1", """
            1.2.0 failed on c1
            Why: five errors in a minute
            Waits: ring 1 waits for ring 0
            29 Nov 2026 02:03:04 UTC by anna
            https://cambium.example.org/cells/c1

            --\s
            fleet shop, https://cambium.example.org
            To end these mails: do so
            """), letter(List.of(line("1.2.0 failed on c1"))));
    }

    @Test
    void tellsTheFirstOfManyAndCountsTheRest() {
        var letter = letter(Collections.nCopies(300, line("1.2.0 failed on c1")));
        assertEquals("[shop] 1.2.0 failed on c1 (+299 more)", letter.subject());
        assertTrue(letter.body().startsWith("300 events, the oldest first:\n\n1.2.0 failed on c1\n"), letter.body());
        assertEquals(Letter.MOST_TOLD, letter.body().lines().filter("1.2.0 failed on c1"::equals).count());
        assertTrue(letter.body().contains("… and 275 more: https://cambium.example.org\n"), letter.body());
    }

    @Test
    void letsNothingInTheEventsBeginALineOrAHeader() {
        var letter = letter(List.of(line("x\r\nBcc: evil@example.org\r\n\r\nhello\u2028\u202e\u0085\0"
            + "y".repeat(2000))));
        assertFalse(letter.subject().matches("(?s).*[\\p{Cntrl}\u2028\u202e].*"), letter.subject());
        assertTrue(letter.subject().startsWith("[shop] x Bcc: evil@example.org hello"), letter.subject());
        assertTrue(letter.subject().length() <= 150, letter.subject());
        assertTrue(letter.body().startsWith("x Bcc: evil@example.org hello "), letter.body());
        assertTrue(letter.body().lines().allMatch(each -> each.length() <= 1_010), "no line is longer");
    }
}
