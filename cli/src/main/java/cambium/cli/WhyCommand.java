package cambium.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "why", description = "Say why a cell, a ring or a version is where it is, and what it waits for.")
final class WhyCommand implements Callable<Integer> {
    @Mixin
    private final ServerOptions options;

    @Parameters(paramLabel = "SUBJECT", description = "a cell, a ring (ring-2 or 2) or a product version")
    private String subject;

    WhyCommand(ServerOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() {
        Reply reply = options.api().get("/api/fleet/why/" + Api.segment(subject));
        if (options.json()) {
            return options.done(reply, "");
        }
        options.print(lines(reply.json()));
        return Stop.Exit.DONE.code;
    }

    /// What it is, then the chain of waits: each because of the next.
    private List<String> lines(Json why) {
        var lines = new ArrayList<String>();
        String told = why.find("subject").orElse(subject);
        lines.add(why.text("text").startsWith(told + " ") ? why.text("text")
                : options.ink().strong(told) + ": " + why.text("text"));
        for (Json wait : why.items("waits")) {
            lines.add("  " + wait.text("subject") + " waits: " + StatusPage.told(wait));
        }
        return lines;
    }
}
