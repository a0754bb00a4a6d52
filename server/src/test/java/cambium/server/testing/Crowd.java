package cambium.server.testing;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/// Many threads that do the same in one moment.
public final class Crowd {
    private Crowd() {}

    /// One thread for each item; returns once all of them have come and wait.
    public static <T> List<Future<?>> of(Collection<T> items, Consumer<T> work, ExecutorService threads) {
        var all = new ArrayList<Future<?>>();
        var come = new ArrayList<Thread>();
        for (var item : items) {
            all.add(threads.submit(() -> {
                synchronized (come) {
                    come.add(Thread.currentThread());
                }
                work.accept(item);
            }));
        }
        Eventually.holds("all wait", () -> {
            synchronized (come) {
                return come.size() == items.size()
                        && come.stream().allMatch(thread -> thread.getState() == Thread.State.WAITING);
            }
        });
        return all;
    }
}
