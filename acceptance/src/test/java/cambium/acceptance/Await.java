package cambium.acceptance;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/// Waits by looking again and again. What never comes fails the test with a sentence.
public final class Await {
    /// Generous: two busy cores may be slow, and a wait that succeeds costs nothing of it.
    public static final Duration PATIENCE = Duration.ofSeconds(180);

    private Await() {}

    public static void until(String what, Callable<Boolean> condition) throws Exception {
        until(PATIENCE, () -> what, condition);
    }

    public static void until(Duration patience, Supplier<String> what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + patience.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not after " + patience.toSeconds() + " s: " + what.get());
            }
            RunningServer.pause();
        }
    }

    /// The first value that is there.
    public static <T> T value(String what, Callable<Optional<T>> look) throws Exception {
        var found = new Object() {
            Optional<T> value = Optional.empty();
        };
        until(what, () -> {
            found.value = look.call();
            return found.value.isPresent();
        });
        return found.value.orElseThrow();
    }
}
