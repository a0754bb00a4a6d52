package cambium.cli;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "log", description = "Print what an attempt wrote: every step of a deployment keeps its log.")
final class LogCommand implements Callable<Integer> {
    private static final Set<String> MOVING = Set.of("requested", "starting", "started", "running");

    @Mixin
    private final ServerOptions options;

    @Parameters(paramLabel = "ATTEMPT", description = "for example r7.cell4.deploy.1; status and events name them")
    private String attempt;

    @Option(names = {"-f", "--follow"}, description = "keep printing until the attempt ends")
    private boolean follow;

    LogCommand(ServerOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() {
        Api api = options.api();
        String path = "/api/fleet/attempts/" + Api.segment(attempt);
        if (options.json()) {
            Json about = api.get(path).json();
            String log = api.get(path + "/log").text();
            options.print(about instanceof Json.Fields fields ? fields.with("log", log).write() : about.write());
            return Stop.Exit.DONE.code;
        }
        print(api, path);
        return Stop.Exit.DONE.code;
    }

    private void print(Api api, String path) {
        int printed = 0;
        while (true) {
            // The state is read first: what is written before an end is seen is then in the log that follows.
            boolean moving = follow && MOVING.contains(api.get(path).json().text("state"));
            byte[] log = api.get(path + "/log").body();
            int from = Math.min(printed, log.length);
            options.surroundings().out().print(
                    new String(Arrays.copyOfRange(log, from, log.length), StandardCharsets.UTF_8));
            options.surroundings().out().flush();
            printed = log.length;
            if (!moving) {
                return;
            }
            options.pause(Watch.INTERVAL);
        }
    }
}
