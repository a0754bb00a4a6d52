package cambium.rollout.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import cambium.rollout.health.HealthSample.Bucket;
import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class BucketsTest {
    private static HealthSample reading(int seconds, Bucket... buckets) {
        return new HealthSample(Instant.ofEpochSecond(seconds), 100, 1, List.of(buckets), OptionalDouble.of(0.5));
    }

    @Test
    void aReadingTellsTheBucketsThatItWasMadeOf() {
        var buckets = List.of(new Bucket(0.1, 3), new Bucket(Double.POSITIVE_INFINITY, 7));
        var reading = reading(1, buckets.toArray(Bucket[]::new));
        assertEquals(buckets, reading.latencies());
        assertEquals(reading(1, buckets.toArray(Bucket[]::new)), reading);
        assertNotEquals(reading(1, new Bucket(0.1, 4), new Bucket(Double.POSITIVE_INFINITY, 7)), reading);
    }

    @Test
    void readingsThatFollowOneAnotherShareTheirBoundsAndNothingElse() {
        var first = reading(1, new Bucket(0.1, 3), new Bucket(0.2, 4));
        var next = reading(2, new Bucket(0.1, 5), new Bucket(0.2, 9));
        var shared = next.after(first);
        assertEquals(next, shared);
        assertNotSame(first.buckets().bounds, next.buckets().bounds);
        assertSame(first.buckets().bounds, shared.buckets().bounds);
        var other = reading(3, new Bucket(0.1, 5), new Bucket(0.3, 9));
        assertEquals(other, other.after(first));
        assertNotSame(first.buckets().bounds, other.after(first).buckets().bounds);
    }
}
