package cambium.server.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// What many threads bring at once, done in batches: whoever comes while one is under way is part of the next. Each
/// waits for the batch with its own, and fails as that does. A thousand cells that report in the same instant are a
/// dozen commits instead of a thousand, behind which nobody else's commit has to wait.
public final class Batches<T> {
    private final int most;
    private final Consumer<List<T>> work;
    private final Queue<Waiting<T>> waiting = new ConcurrentLinkedQueue<>();
    private final ReentrantLock working = new ReentrantLock();

    private static final class Waiting<T> {
        private final T item;
        /// The rest is read and written by whoever works.
        private boolean done;
        private RuntimeException failed;

        Waiting(T item) {
            this.item = item;
        }
    }

    /// @param most of a batch
    /// @param work is never called by two threads at once, with at least one
    public Batches(int most, Consumer<List<T>> work) {
        this.most = most;
        this.work = work;
    }

    /// Returns when `item` is done.
    public void bring(T item) {
        var own = new Waiting<>(item);
        waiting.add(own);
        working.lock();
        try {
            while (!own.done) {
                workOn(next());
            }
        } finally {
            working.unlock();
        }
        if (own.failed != null) {
            throw own.failed;
        }
    }

    private List<Waiting<T>> next() {
        var batch = new ArrayList<Waiting<T>>();
        for (var each = waiting.poll(); each != null; each = batch.size() < most ? waiting.poll() : null) {
            batch.add(each);
        }
        return batch;
    }

    private void workOn(List<Waiting<T>> batch) {
        try {
            work.accept(batch.stream().map(each -> each.item).toList());
        } catch (RuntimeException failed) {
            batch.forEach(each -> each.failed = failed);
        } finally {
            batch.forEach(each -> each.done = true);
        }
    }
}
