package cambium.cli;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "repair", description = {"Make database and blob store agree after either was restored to an earlier",
    "time, and say what is lost. Packages without bytes fail visibly and leave their indexes; bytes that the",
    "database knows nothing of are listed and kept for thirty days. Changes nothing where nothing is lost, except",
    "that every index is signed again with a higher number. Ends badly when something is lost."})
final class RepairCommand implements Callable<Integer> {
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    @Mixin
    private final ServerOptions options;

    @Option(names = "--wait", negatable = true, defaultValue = "true", fallbackValue = "true",
            description = "wait until it is done (default)")
    private boolean wait;

    RepairCommand(ServerOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() {
        Api api = options.api();
        Reply reply = api.post("/api/repair", Json.fields());
        while (wait && reply.json().text("done_at").isEmpty()) {
            options.pause(BETWEEN_LOOKS);
            reply = api.get("/api/repair");
        }
        if (reply.json().text("done_at").isEmpty()) {
            options.done(reply, "The repair is under way.");
            return Stop.Exit.DONE.code;
        }
        Json report = reply.json().at("report");
        if (options.json()) {
            options.done(reply, "");
        } else {
            told(report);
        }
        boolean lost = List.of("packages_failed", "maven_files_missing", "packages_unnamed").stream()
                .anyMatch(count -> !report.text(count).equals("0"));
        return lost ? Stop.Exit.REFUSED.code : Stop.Exit.DONE.code;
    }

    private void told(Json report) {
        options.print(List.of("Files of packages compared with the blob store: " + report.text("files_checked")
                + ". Indexes that go on from a higher number: " + report.text("channels_advanced")
                + "; that are made again: " + report.text("channels_rebuilt") + "."));
        section(report, "packages_failed", "Packages that have lost their bytes, to be pushed again: ", "failed",
                List.of("repository", "suite", "filename"));
        section(report, "maven_files_missing", "Files of Maven that have lost their bytes, to be uploaded again: ",
                "missing", List.of("repository", "path"));
        section(report, "packages_unnamed", "Packages that the database does not know, to be pushed again where they "
                + "belong: ", "unnamed", List.of("filename", "size_bytes", "sha256"));
    }

    private void section(Json report, String count, String says, String list, List<String> columns) {
        if (report.text(count).equals("0")) {
            return;
        }
        var table = new Table(columns.stream().map(name -> name.replace('_', ' ')).toArray(String[]::new));
        report.items(list).forEach(row -> table.row(columns.stream().map(row::text).toArray(String[]::new)));
        options.print(List.of(says + report.text(count)));
        options.print(table.lines(options.ink()));
    }
}
