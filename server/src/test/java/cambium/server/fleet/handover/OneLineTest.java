package cambium.server.fleet.handover;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class OneLineTest {
    @Test
    void makesOneLineWithoutWhatTurnsOrHidesText() {
        assertEquals("a b c d", OneLine.of("\n a\r\nb\u0000\u202Ec\u2028d\t", 20));
        assertEquals("", OneLine.of("\n\u200b", 20));
    }

    @Test
    void keepsTheBeginningOrTheEndAndCutsNoCharacterInTwo() {
        assertEquals("abc", OneLine.of("abc", 3));
        assertEquals("ab…", OneLine.of("abc", 2));
        assertEquals("…bc", OneLine.endOf("abc", 2));
        assertEquals("abc", OneLine.endOf("abc\n", 3));
        var faces = "\ud83d\ude00\ud83d\ude00\ud83d\ude00";
        assertEquals("\ud83d\ude00\ud83d\ude00…", OneLine.of(faces, 4));
        assertEquals("…\ud83d\ude00\ud83d\ude00", OneLine.endOf(faces, 4));
        for (var most = 0; most < 6; most++) {
            assertEquals(-1, OneLine.of(faces, most).replaceAll("\ud83d\ude00", "").indexOf('\ud83d'));
            assertEquals(-1, OneLine.endOf(faces, most).replaceAll("\ud83d\ude00", "").indexOf('\ude00'));
        }
    }
}
