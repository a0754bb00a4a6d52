package cambium.simulation;

import java.util.Locale;

/// `./dev sim --seed N` tells one run as a timeline; `--seeds M` runs many, from that seed on, and names those that
/// break a promise.
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        long seed = 1;
        long seeds = 0;
        for (int i = 0; i < args.length; i += 2) {
            if (i + 1 == args.length || !args[i + 1].matches("[0-9]{1,15}")) {
                throw new IllegalArgumentException("usage: sim --seed N [--seeds M]");
            }
            switch (args[i]) {
                case "--seed" -> seed = Long.parseLong(args[i + 1]);
                case "--seeds" -> seeds = Long.parseLong(args[i + 1]);
                default -> throw new IllegalArgumentException("unknown setting " + args[i]
                        + "; usage: sim --seed N [--seeds M]");
            }
        }
        System.exit(seeds == 0 ? one(seed) : many(seed, seeds));
    }

    private static int one(long seed) {
        var outcome = Simulation.run(seed, Bait.NONE, true);
        outcome.timeline().forEach(System.out::println);
        System.out.println("seed " + seed + ": " + outcome.events() + " events in " + outcome.simulated().toHours()
                + " simulated hours");
        outcome.broken().forEach(broken -> System.out.println("BROKEN " + broken));
        return outcome.broken().isEmpty() ? 0 : 1;
    }

    private static int many(long first, long seeds) {
        long broken = 0;
        double simulatedSeconds = 0;
        long begin = System.nanoTime();
        for (long seed = first; seed < first + seeds; seed++) {
            var outcome = Simulation.run(seed, Bait.NONE, false);
            simulatedSeconds += outcome.simulated().toSeconds();
            if (!outcome.broken().isEmpty()) {
                broken++;
                System.out.println(outcome.replay() + "   " + outcome.broken().getFirst());
            }
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        System.out.printf(Locale.ROOT, "%d seeds, %d broken, %.1f s, %.0f times real time%n", seeds, broken, seconds,
                simulatedSeconds / seconds);
        return broken == 0 ? 0 : 1;
    }
}
