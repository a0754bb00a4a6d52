package cambium.rollout.health;

import cambium.rollout.health.HealthSample.Bucket;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.RandomAccess;

/// Buckets as two arrays, since a coordinator holds hundreds of readings of each cell; readings that follow one another
/// share the array of bounds. Neither array is ever written again.
final class Buckets extends AbstractList<Bucket> implements RandomAccess {
    static final Buckets NONE = new Buckets(new double[0], new double[0]);

    final double[] bounds;
    final double[] counts;

    private Buckets(double[] bounds, double[] counts) {
        this.bounds = bounds;
        this.counts = counts;
    }

    static Buckets of(List<Bucket> buckets) {
        if (buckets instanceof Buckets known) {
            return known;
        }
        return buckets.isEmpty() ? NONE : new Buckets(buckets.stream().mapToDouble(Bucket::upperSeconds).toArray(),
                buckets.stream().mapToDouble(Bucket::count).toArray());
    }

    boolean haveBoundsOf(Buckets other) {
        return Arrays.equals(bounds, other.bounds);
    }

    /// The same, with the bounds of another where they are the same.
    Buckets sharing(Buckets other) {
        return haveBoundsOf(other) ? new Buckets(other.bounds, counts) : this;
    }

    @Override
    public Bucket get(int index) {
        return new Bucket(bounds[index], counts[index]);
    }

    @Override
    public int size() {
        return bounds.length;
    }
}
