package cambium.simulation;

import cambium.rollout.RolloutPlanner;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// `./dev sim --seed N` tells one run as a timeline; `--seeds M` runs many, from that seed on, names those that
/// break a promise, and counts in how many each kind of decision, event, wait and fault occurred; `--faults A,B` lets
/// them see these kinds of trouble and no others. `--exhaustive DEPTH` goes every way of a small fleet through so many
/// acts.
public final class Main {
    private static final String USAGE = "usage: sim --seed N [--seeds M] [--faults A,B]\n"
            + "       sim --exhaustive DEPTH";

    private Main() {}

    public static void main(String[] args) {
        long seed = 1;
        long seeds = 0;
        Optional<Set<Fault>> faults = Optional.empty();
        int depth = 0;
        for (int i = 0; i < args.length; i += 2) {
            if (i + 1 == args.length) {
                throw new IllegalArgumentException(USAGE);
            }
            switch (args[i]) {
                case "--seed" -> seed = number(args[i + 1]);
                case "--seeds" -> seeds = number(args[i + 1]);
                case "--exhaustive" -> depth = Math.toIntExact(number(args[i + 1]));
                case "--faults" -> faults = Optional.of(Arrays.stream(args[i + 1].split(",")).map(Fault::of)
                        .collect(Collectors.toSet()));
                default -> throw new IllegalArgumentException("unknown setting " + args[i] + "; " + USAGE);
            }
        }
        System.exit(depth > 0 ? exhaustive(depth) : seeds == 0 ? one(seed, faults) : many(seed, seeds, faults));
    }

    private static long number(String text) {
        if (!text.matches("[0-9]{1,15}")) {
            throw new IllegalArgumentException("'" + text + "' is no number; " + USAGE);
        }
        return Long.parseLong(text);
    }

    private static Outcome run(long seed, Optional<Set<Fault>> faults, boolean timelineKept) {
        return faults.map(kinds -> Simulation.run(seed, kinds, timelineKept))
                .orElseGet(() -> Simulation.run(seed, Bait.NONE, timelineKept));
    }

    private static int one(long seed, Optional<Set<Fault>> faults) {
        var outcome = run(seed, faults, true);
        outcome.timeline().forEach(System.out::println);
        System.out.println("seed " + seed + ": " + outcome.events() + " events in " + outcome.simulated().toHours()
                + " simulated hours");
        outcome.broken().forEach(broken -> System.out.println("BROKEN " + broken));
        return outcome.broken().isEmpty() ? 0 : 1;
    }

    private static int exhaustive(int depth) {
        boolean broken = false;
        for (int versions = 1; versions <= 2; versions++) {
            long begin = System.nanoTime();
            var found = Exploration.of(RolloutPlanner::plan, false, versions, depth);
            System.out.printf(Locale.ROOT, "%d acts, %d version(s): %d states, %.1f s%n", depth, versions,
                    found.states(), (System.nanoTime() - begin) / 1e9);
            found.broken().forEach(System.out::println);
            broken |= !found.broken().isEmpty();
        }
        return broken ? 1 : 0;
    }

    private static int many(long first, long seeds, Optional<Set<Fault>> faults) {
        long broken = 0;
        double simulatedSeconds = 0;
        var occurred = new TreeMap<String, Long>();
        long begin = System.nanoTime();
        for (long seed = first; seed < first + seeds; seed++) {
            var outcome = run(seed, faults, false);
            simulatedSeconds += outcome.simulated().toSeconds();
            outcome.kinds().forEach(kind -> occurred.merge(kind, 1L, Long::sum));
            if (!outcome.broken().isEmpty()) {
                broken++;
                System.out.println(outcome.replay() + "   " + outcome.broken().getFirst());
            }
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        occurred.entrySet().stream().sorted(Map.Entry.comparingByValue()).forEach(kind ->
                System.out.println(kind.getKey() + " in " + kind.getValue() + " seeds"));
        System.out.printf(Locale.ROOT, "%d seeds, %d broken, %.1f s, %.0f times real time%n", seeds, broken, seconds,
                simulatedSeconds / seconds);
        return broken == 0 ? 0 : 1;
    }
}
