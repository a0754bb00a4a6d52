package cambium.bench;

import java.nio.file.Path;

/// From `./cambium serve` to its first answer, fresh and on a kept data folder, and the memory it rests at.
final class StartBench {
    private static final int KEPT_STARTS = 7;
    private static final long REST_MILLIS = 5_000;

    private StartBench() {}

    static void run(Figures figures, Path folder) throws Exception {
        try (var server = BenchServer.start(folder)) {
            figures.add("very first start of a build: records its classes, unpacks PostgreSQL, makes the database",
                    "ms", "", server.startMillis());
        }
        var starts = new double[KEPT_STARTS];
        for (int i = 0; i < KEPT_STARTS; i++) {
            try (var server = BenchServer.start(folder)) {
                starts[i] = server.startMillis();
                if (i == KEPT_STARTS - 1) {
                    Thread.sleep(REST_MILLIS);
                    figures.add("start, kept data folder, to first answer", "ms", "≤ 2,500", starts);
                    figures.add("idle memory of the server (resident, without PostgreSQL)", "MiB", "≤ 250",
                            server.residentMiB());
                }
            }
        }
    }
}
