package cambium.server.fleet;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Tells waiting threads that the fleet may have moved on. A nudge may be lost, so every wait is bounded and whoever
/// wakes looks for itself.
public final class Nudges {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private long nudges;

    /// Called for every notice about the fleet, from any thread.
    public void nudge() {
        lock.lock();
        try {
            nudges++;
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// The number of nudges so far, to hand to `await` later.
    public long nudges() {
        lock.lock();
        try {
            return nudges;
        } finally {
            lock.unlock();
        }
    }

    /// Returns when there were more nudges than `seen`, or when the time is over; the number of nudges then.
    public long await(long seen, Duration most) throws InterruptedException {
        lock.lock();
        try {
            var left = most.toNanos();
            while (nudges == seen && left > 0) {
                left = moved.awaitNanos(left);
            }
            return nudges;
        } finally {
            lock.unlock();
        }
    }
}
