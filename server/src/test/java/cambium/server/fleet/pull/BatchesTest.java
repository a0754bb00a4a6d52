package cambium.server.fleet.pull;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import cambium.server.testing.Eventually;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Phaser;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BatchesTest {
    private final List<List<Integer>> worked = new ArrayList<>();
    private final Phaser begun = new Phaser(1);
    private final Semaphore go = new Semaphore(0);
    private final AtomicInteger came = new AtomicInteger();

    private void work(List<Integer> items) {
        begun.arrive();
        go.acquireUninterruptibly();
        worked.add(List.copyOf(items));
        if (items.contains(-1)) {
            throw new IllegalStateException("the disk is full");
        }
    }

    @Test
    void whoeverComesMeanwhileIsPartOfTheNextBatchAndWaitsForIt() throws Exception {
        var batches = new Batches<>(100, this::work);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = threads.submit(() -> batches.bring(0));
            begun.awaitAdvance(0);
            var others = bring(batches, 1, 250, threads::submit);
            assertEquals(0, others.stream().filter(Future::isDone).count(), "nobody is told before it is done");
            go.release(10);
            first.get();
            for (var each : others) {
                each.get();
            }
        }
        assertEquals(List.of(1, 100, 100, 50), worked.stream().map(List::size).toList());
        assertEquals(251, new TreeSet<>(worked.stream().flatMap(List::stream).toList()).size(), "each of them once");
    }

    @Test
    void aBatchThatFailsFailsForThoseInItAndForNobodyElse() throws Exception {
        var batches = new Batches<>(100, this::work);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = threads.submit(() -> batches.bring(0));
            begun.awaitAdvance(0);
            var failing = bring(batches, -1, 3, threads::submit);
            go.release(3);
            first.get();
            for (var each : failing) {
                assertEquals("the disk is full", assertThrows(ExecutionException.class, each::get).getCause()
                        .getMessage());
            }
            threads.submit(() -> batches.bring(7)).get();
        }
        assertEquals(List.of(1, 3, 1), worked.stream().map(List::size).toList());
    }

    private interface Submit {
        Future<?> run(Runnable work);
    }

    /// So many threads that have all come and wait.
    private List<Future<?>> bring(Batches<Integer> batches, int from, int many, Submit threads) {
        var all = new ArrayList<Future<?>>();
        var waiting = new ArrayList<Thread>();
        for (var i = 0; i < many; i++) {
            var item = from + i;
            all.add(threads.run(() -> {
                synchronized (waiting) {
                    waiting.add(Thread.currentThread());
                }
                came.incrementAndGet();
                batches.bring(item);
            }));
        }
        Eventually.holds("all wait", () -> {
            synchronized (waiting) {
                return came.get() == many && waiting.stream().allMatch(thread ->
                        thread.getState() == Thread.State.WAITING);
            }
        });
        return all;
    }
}
