package cambium.server.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import cambium.server.testing.Crowd;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Phaser;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchesTest {
    private final List<List<Integer>> worked = new ArrayList<>();
    private final Phaser begun = new Phaser(1);
    private final Semaphore go = new Semaphore(0);

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
            var others = Crowd.of(IntStream.range(1, 251).boxed().toList(), batches::bring, threads);
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
            var failing = Crowd.of(List.of(-1, 0, 1), batches::bring, threads);
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
}
