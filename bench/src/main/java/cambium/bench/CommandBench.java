package cambium.bench;

import java.util.concurrent.TimeUnit;

/// One command of the command line as a whole process, launcher included.
final class CommandBench {
    private static final int RUNS = 20;

    private CommandBench() {}

    static void run(Figures figures) throws Exception {
        once("version");
        once("version");
        var times = new double[RUNS];
        for (int i = 0; i < RUNS; i++) {
            times[i] = once("version");
        }
        figures.add("`cambium version`, launcher included", "ms", "≤ 250", times);
    }

    private static double once(String command) throws Exception {
        long begin = System.nanoTime();
        var process = new ProcessBuilder("./cambium", command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IllegalStateException("cambium " + command + " failed");
        }
        return (System.nanoTime() - begin) / 1e6;
    }
}
