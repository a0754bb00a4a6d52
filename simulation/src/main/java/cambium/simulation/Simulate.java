package cambium.simulation;

import cambium.rollout.FleetSpec;
import cambium.server.fleet.yaml.FleetYaml;
import cambium.server.fleet.yaml.YamlProblem;
import cambium.server.http.Json;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/// `cambium simulate`: what would this fleet file do with a new version, good or bad, with or without trouble? Needs no
/// server. Exit codes: 0 told; 1 the fleet file is refused; 2 the command is wrong.
public final class Simulate {
    static final String USAGE = """
            usage: cambium simulate --fleet FILE [--version KIND] [--faults FAULT=SHARE,…] [--runs N] [--seed N]
                                    [--verdict-after 3m] [--people-after 30m|never] [--limit 30d] [--json]
                                    [--judge real [--traffic 10] [--harm errors=0.02,slower=1.5,saturation=0.1]]

            Plays rollouts through the fleet in virtual time, by the server's own planner and loop.

              --version KIND       %s;
                                   without it, all of them
              --faults             %s;
                                   shares from 0 to 1, of the times that it could happen
              --runs N             rollouts of each kind, 1 to 10000 (20); each from a seed of its own
              --seed N             of the first run (1)
              --verdict-after T    how long a cell runs a version before the judge says something (3m)
              --judge real         the server's own judge reads metrics of made-up cells; without it the judge is right
              --traffic N          requests a second to each cell, for the real judge, 0.01 to 10000 (10)
              --harm               what a harmful version adds, for the real judge: a share of errors (0 to 1), a factor
                                   on latencies (1 to 100), a share of the tightest resource (0 to 1) (errors=0.02)
              --people-after T     how long people take to do what waits for them (30m), or never
              --limit T            ends a run after so much virtual time (30d)
              --json               for machines
            """.formatted(Asked.kinds(), Asked.faultNames());

    private Simulate() {}

    public static void main(String[] args) throws IOException {
        System.exit(run(Arrays.asList(args), Path.of(""), System.out, System.err));
    }

    static int run(List<String> args, Path folder, PrintStream out, PrintStream err) throws IOException {
        if (args.contains("--help") || args.contains("-h")) {
            out.print(USAGE);
            return 0;
        }
        Asked asked;
        try {
            asked = Asked.of(args);
        } catch (IllegalArgumentException wrong) {
            err.println("cambium: " + wrong.getMessage());
            err.println("cambium simulate --help lists what can be asked");
            return 2;
        }
        var file = folder.resolve(asked.fleet());
        if (!Files.isReadable(file)) {
            err.println("cambium: the fleet file " + file + " cannot be read");
            return 2;
        }
        return switch (FleetYaml.read(Files.readAllBytes(file))) {
            case FleetYaml.Reading.Refused(var problems) -> refused(problems, file, err);
            case FleetYaml.Reading.Read(var spec) -> told(asked, spec, out, err);
        };
    }

    private static int refused(List<YamlProblem> problems, Path file, PrintStream err) {
        err.println("cambium: " + file + " is refused:");
        err.println(problems.stream().map(YamlProblem::sentence).collect(Collectors.joining("\n")));
        return 1;
    }

    private static int told(Asked asked, FleetSpec spec, PrintStream out, PrintStream err) {
        var results = new ArrayList<ForecastSum>();
        for (var nature : asked.natures()) {
            var question = new Question(spec, nature, asked.faults(), asked.judge(), asked.peopleAfter(),
                    asked.limit());
            try {
                results.add(new ForecastSum(nature, LongStream.range(asked.seed(), asked.seed() + asked.runs())
                        .mapToObj(seed -> ForecastRun.of(question, seed)).toList()));
            } catch (Forecast.NoWayThrough none) {
                err.println("cambium: " + none.getMessage());
                return 1;
            }
        }
        if (asked.json()) {
            out.println(new String(Json.write(ForecastReport.json(asked, spec, results)), StandardCharsets.UTF_8));
        } else {
            ForecastReport.lines(asked, spec, results).forEach(out::println);
        }
        return 0;
    }
}
