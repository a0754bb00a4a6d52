package cambium.rollout.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BlocksTest {
    @Test
    void spendsNoMoreThanAllOfTheFalseAlarmRateHoweverLongItLooks() {
        double spent = 0;
        for (int windows = 1; windows <= 100_000; windows++) {
            for (var block : Blocks.endingAt(windows)) {
                assertEquals(windows, block.to());
                assertTrue(block.from() >= 0 && block.share() > 0, block.toString());
                spent += block.share();
            }
        }
        assertTrue(spent <= 1, "spent " + spent);
        assertTrue(spent > 0.9, "most of it is of use within a week, not only " + spent);
    }

    @Test
    void coversEveryStretchOfTimeByABlockOfItsSize() {
        for (int from = 0; from < 300; from++) {
            for (int length = 4; length <= 100; length++) {
                assertTrue(covered(from, from + length), "from " + from + ", " + length + " windows");
            }
        }
    }

    private static boolean covered(int from, int to) {
        return IntStream.rangeClosed(from + 1, to).boxed().flatMap(end -> Blocks.endingAt(end).stream())
                .anyMatch(block -> block.from() >= from && block.to() - block.from() >= (to - from) / 3);
    }
}
