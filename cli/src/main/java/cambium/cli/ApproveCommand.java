package cambium.cli;

import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "approve", description = {"Let a version into a ring that asks for approval, or refuse it.",
    "Without a version: what waits for approval, and who said what."})
final class ApproveCommand implements Callable<Integer> {
    @Mixin
    private final ServerOptions options;

    @Mixin
    private final DryRun dryRun = new DryRun();

    @Parameters(paramLabel = "VERSION", arity = "0..1", description = "the product version")
    private String version;

    @Option(names = "--ring", paramLabel = "N", description = "the ring that it may enter")
    private Integer ring;

    @Option(names = "--refuse", description = "say no; this stands until it is withdrawn")
    private boolean refuse;

    @Option(names = "--withdraw", description = "take back what was said; nothing more starts there")
    private boolean withdraw;

    @Option(names = "--why", paramLabel = "TEXT",
            description = "why; kept in the history, and needed to refuse or withdraw")
    private String why;

    ApproveCommand(ServerOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() {
        if (version == null) {
            return list();
        }
        if (ring == null) {
            throw Stop.usage("an approval is for one ring", "add: --ring N");
        }
        if (refuse && withdraw) {
            throw Stop.usage("--refuse and --withdraw exclude each other", "leave out one of them");
        }
        if ((refuse || withdraw) && why == null) {
            throw Stop.usage("a reason is needed", "add: --why TEXT");
        }
        Json.Fields request = Json.fields().with("ring", new Json.Number(ring.toString()))
                .with("ruling", refuse ? "refuse" : withdraw ? "withdraw" : "approve");
        Reply reply = options.api().post(dryRun.of("/api/fleet/versions/" + Api.segment(version) + "/approvals"),
                why == null ? request : request.with("why", why));
        return options.commanded(reply, version + (refuse ? " is refused for ring "
                : withdraw ? " waits for approval anew for ring " : " is approved for ring ") + ring);
    }

    private int list() {
        Reply reply = options.api().get("/api/fleet/approvals");
        if (options.json()) {
            return options.done(reply, "");
        }
        var table = new Table("VERSION", "RING", "STATE", "APPROVED BY", "AGAINST");
        var approvals = reply.json().items("approvals");
        approvals.forEach(each -> table.row(each.text("version"), each.text("ring"),
                each.text("state") + (each.text("due").equals("true") ? ", due now" : ""),
                each.items("given").stream().map(given -> given.text("by")).collect(Collectors.joining(", "))
                        + " (" + each.items("given").size() + " of " + each.text("approvers") + ")",
                each.at("objection").text("by") + (each.at("objection").text("why").isEmpty() ? ""
                        : ": " + each.at("objection").text("why"))));
        if (approvals.isEmpty()) {
            options.print("no rollout under way needs an approval");
        } else {
            table.lines(options.ink()).forEach(options::print);
        }
        return Stop.Exit.DONE.code;
    }
}
