package cambium.bench.repository;

import java.nio.file.Path;
import java.util.concurrent.Executors;

/// Pushes at a steady rate, whatever the server does meanwhile, and looks when each becomes visible.
final class SteadyPushes {
    private static final int PUSHES_A_SECOND = 20;
    private static final long BETWEEN_LOOKS_MILLIS = 20;

    private SteadyPushes() {}

    /// The milliseconds from each acknowledgement until the package was seen, a look apart at most.
    static double[] run(CambiumRepository repository, Path folder, int from, int to) throws Exception {
        var millis = new double[to - from];
        long begin = System.nanoTime();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < millis.length; i++) {
                int place = i;
                Thread.sleep(Math.max(0, (begin + i * 1_000_000_000L / PUSHES_A_SECOND - System.nanoTime())
                    / 1_000_000));
                threads.submit(() -> {
                    repository.push(folder, from + place);
                    long acknowledged = System.nanoTime();
                    do {
                        Thread.sleep(BETWEEN_LOOKS_MILLIS);
                    } while (!repository.isVisible(from + place));
                    millis[place] = (System.nanoTime() - acknowledged) / 1e6;
                    return null;
                });
            }
        }
        return millis;
    }
}
