package cambium.server.blob;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Does the same to many things, several at a time: for work that waits rather than computes.
final class AtATime {
    private static final int THREADS = 8;

    private AtATime() {}

    interface Work<T> {
        void on(T one) throws IOException;
    }

    /// Returns when all is done. Of what fails the first is thrown, after the others have ended.
    static <T> void each(Collection<T> all, Work<T> work) throws IOException {
        if (all.size() < 2) {
            for (T one : all) {
                work.on(one);
            }
            return;
        }
        var done = new ArrayList<Future<Void>>();
        // Threads of the system: waiting for a disk would hold a virtual thread's carrier.
        try (var threads = Executors.newFixedThreadPool(Math.min(THREADS, all.size()))) {
            all.forEach(one -> done.add(threads.submit((Callable<Void>) () -> {
                work.on(one);
                return null;
            })));
        }
        for (Future<Void> one : done) {
            end(one);
        }
    }

    private static void end(Future<Void> one) throws IOException {
        try {
            one.get();
        } catch (ExecutionException failed) {
            switch (failed.getCause()) {
                case IOException broken -> throw broken;
                case RuntimeException ours -> throw ours;
                case Error fatal -> throw fatal;
                default -> throw new IllegalStateException(failed.getCause());
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("stopped while storing", stopped);
        }
    }
}
