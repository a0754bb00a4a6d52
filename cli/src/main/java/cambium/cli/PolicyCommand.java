package cambium.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "policy", description = {"See and say what a repository asks of packages before it takes them in.",
    "show  what it asks now",
    "set   the whole policy: what is not named is not asked",
    "end   ask nothing",
    "As in: cambium policy set acme/storefront --signatures known --digests strong --no-sources"})
final class PolicyCommand implements Callable<Integer> {
    private enum Act { show, set, end }

    private enum Signatures { any, strong, known }

    private enum Digests { any, strong }

    @Mixin
    private final ServerOptions options;

    @Parameters(index = "0", paramLabel = "ACT", description = "show, set or end")
    private Act act;

    @Parameters(index = "1", paramLabel = "U/R", description = "repository, for example acme/storefront")
    private String repository;

    @Option(names = "--signatures", paramLabel = "any|strong|known", defaultValue = "any",
            description = "of rpms: strong asks for a signature, and refuses SHA-1, MD5, DSA and short RSA; known asks "
                + "also for one by a package key of the repository")
    private Signatures signatures;

    @Option(names = "--digests", paramLabel = "any|strong", defaultValue = "any",
            description = "of rpms: strong asks for SHA-256 or better of header and payload")
    private Digests digests;

    @Option(names = "--sources", negatable = true, defaultValue = "true", fallbackValue = "true",
            description = "whether source packages are taken (default)")
    private boolean sources;

    @Option(names = "--architectures", paramLabel = "ARCH,…", split = ",",
            description = "those that are taken, such as x86_64,aarch64; all by default")
    private List<String> architectures = List.of();

    PolicyCommand(ServerOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() {
        String path = Api.repository(repository) + "/policy";
        return switch (act) {
            case show -> told(options.api().get(path));
            case set -> told(options.api().put(path, Api.Body.of(Json.fields().with("signatures", signatures.name())
                    .with("digests", digests.name()).with("sources", Boolean.toString(sources))
                    .with("architectures", String.join(",", architectures)))));
            case end -> options.done(options.api().delete(path), repository + " takes every sound package");
        };
    }

    private int told(Reply reply) {
        Json policy = reply.json();
        if (options.json()) {
            return options.done(reply, "");
        }
        List<String> taken = policy.items("architectures").stream().map(Json::words).toList();
        var table = new Table("what", "asked");
        table.row("signatures of rpms", policy.text("signatures"));
        table.row("digests of rpms", policy.text("digests"));
        table.row("source packages", policy.text("sources").equals("true") ? "taken" : "refused");
        table.row("architectures", taken.isEmpty() ? "all" : String.join(", ", taken));
        options.print(table.lines(options.ink()));
        return Stop.Exit.DONE.code;
    }
}
