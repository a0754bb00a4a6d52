package cambium.server.testing;

import java.time.Duration;
import java.util.concurrent.Callable;

/// Waits for a condition by asking again and again; for what runs in other processes or threads.
public final class Eventually {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(10);

    private Eventually() {}

    /// Returns once the condition holds; fails when a minute has passed.
    public static void holds(String what, Callable<Boolean> condition) {
        var end = System.nanoTime() + PATIENCE.toNanos();
        try {
            while (!condition.call()) {
                if (System.nanoTime() - end > 0) {
                    throw new AssertionError("after " + PATIENCE.toSeconds() + " s still not: " + what);
                }
                Thread.sleep(PAUSE);
            }
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError(what, e);
        }
    }
}
