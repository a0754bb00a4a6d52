package cambium.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// All commands by name, and the one place that turns a [Stop] into two lines and an exit code.
final class Program {
    private static final SequencedMap<String, Function<ServerOptions, Object>> COMMANDS = commands();

    private final Surroundings surroundings;

    Program(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    private static SequencedMap<String, Function<ServerOptions, Object>> commands() {
        var commands = new LinkedHashMap<String, Function<ServerOptions, Object>>();
        commands.put("status", StatusCommand::new);
        commands.put("why", WhyCommand::new);
        commands.put("plan", PlanCommand::new);
        commands.put("events", EventsCommand::new);
        commands.put("audit", AuditCommand::new);
        commands.put("figures", FiguresCommand::new);
        commands.put("log", LogCommand::new);
        commands.put("apply", ApplyCommand::new);
        commands.put("diff", DiffCommand::new);
        commands.put("export", ExportCommand::new);
        commands.put("source", SourceCommand::new);
        commands.put("push", PushCommand::new);
        commands.put("import", ImportCommand::new);
        commands.put("package", PackageCommand::new);
        commands.put("rebuild", RebuildCommand::new);
        commands.put("repair", RepairCommand::new);
        commands.put("key", KeyCommand::new);
        commands.put("policy", PolicyCommand::new);
        commands.put("package-key", PackageKeyCommand::new);
        commands.put("retention", RetentionCommand::new);
        commands.put("apt", AptCommand::new);
        commands.put("webhook", WebhookCommand::new);
        commands.put("repository-token", RepositoryTokenCommand::new);
        commands.put("deploy", DeployCommand::new);
        commands.put("wait", WaitCommand::new);
        commands.put("pdm", PdmCommand::new);
        commands.put("approve", ApproveCommand::new);
        commands.put("graduate", GraduateCommand::new);
        commands.put("can-go-back", CanGoBackCommand::new);
        commands.put("converge", ConvergeCommand::new);
        commands.put("cell", CellCommand::new);
        commands.put("brake", BrakeCommand::new);
        commands.put("rollback", RollbackCommand::new);
        commands.put("veto", VetoCommand::new);
        commands.put("pin", PinCommand::new);
        commands.put("release", ReleaseCommand::new);
        commands.put("account", AccountCommand::new);
        commands.put("token", TokenCommand::new);
        commands.put("distributions", DistributionsCommand::new);
        commands.put("version", VersionCommand::new);
        return commands;
    }

    int run(String... arguments) {
        return commandLine(arguments).execute(arguments);
    }

    /// Only the command that was asked for is built: looking through all of them would double the start.
    private CommandLine commandLine(String... arguments) {
        var line = new CommandLine(new Root());
        line.setCommandName("cambium");
        COMMANDS.forEach((name, command) -> {
            if (arguments.length == 0 || !COMMANDS.containsKey(arguments[0]) || arguments[0].equals(name)) {
                line.addSubcommand(name, command.apply(new ServerOptions(surroundings)));
            }
        });
        line.setColorScheme(new ColorScheme.Builder(Ansi.OFF).build());
        line.setUsageHelpWidth(100);
        line.setOut(new PrintWriter(surroundings.out(), true));
        line.setErr(new PrintWriter(surroundings.err(), true));
        line.setParameterExceptionHandler((wrong, _) -> wrongUse(wrong));
        boolean json = List.of(arguments).contains("--json");
        line.setExecutionExceptionHandler((failure, _, _) -> report(stop(failure), json));
        everyCommand(line);
        return line;
    }

    /// A failure nobody foresaw is ours; it says what it was, without a stack trace.
    private static Stop stop(Exception failure) {
        return failure instanceof Stop stop ? stop : Stop.refused(
                "unexpected: " + Refusals.oneLine(failure.toString()), "report this as a defect of cambium");
    }

    private static void everyCommand(CommandLine line) {
        line.getCommandSpec().usageMessage()
                .exitCodeListHeading("%nExit codes:%n")
                .exitCodeList(exitCodes());
        line.getSubcommands().values().forEach(Program::everyCommand);
        if (line.getCommand() instanceof DiffCommand) {
            line.getCommandSpec().usageMessage().exitCodeList(diffCodes("the file says what the fleet is"));
        } else if (line.getCommand() instanceof PlanCommand) {
            line.getCommandSpec().usageMessage().exitCodeList(diffCodes("done; of a FILE: it says what the fleet is"));
        } else if (line.getCommand() instanceof WaitCommand) {
            line.getCommandSpec().usageMessage().exitCodeList(WaitCommand.exitCodes(exitCodes()));
        }
    }

    private static Map<String, String> diffCodes(String done) {
        var codes = new LinkedHashMap<String, String>();
        codes.put("0", done);
        codes.put("1", "the fleet differs from the file");
        codes.put("2", "wrong use, or refused: the file is wrong, or would not be applied");
        codes.put("3", exitCodes().get("3"));
        return codes;
    }

    private static Map<String, String> exitCodes() {
        var codes = new LinkedHashMap<String, String>();
        codes.put("0", "done");
        codes.put("1", "refused by the server, or what was watched ended badly");
        codes.put("2", "wrong use: unknown option, missing argument, unreadable file");
        codes.put("3", "cannot reach the server");
        return codes;
    }

    private int wrongUse(ParameterException wrong) {
        String command = wrong.getCommandLine().getCommandSpec().qualifiedName();
        String near = wrong instanceof UnmatchedArgumentException unmatched && !unmatched.getSuggestions().isEmpty()
                ? "did you mean '" + unmatched.getSuggestions().getFirst() + "'? See " : "see ";
        String cause = Refusals.oneLine(wrong.getMessage()).replaceFirst("^Error: ", "");
        return report(Stop.usage(cause, near + command + " --help"), false);
    }

    private int report(Stop stop, boolean json) {
        if (json && stop.reply().isPresent()) {
            surroundings.out().println(stop.reply().get().text().strip());
        } else {
            surroundings.complain(stop.getMessage(), stop.next());
        }
        return stop.exit().code;
    }

    @Command(name = "cambium", synopsisSubcommandLabel = "COMMAND",
            description = "Hosts packages and carries each version outward through the rings of a fleet of cells.",
            footerHeading = "%nAlso:%n",
            footer = {"  serve      start a server", "  demo       watch the whole journey on this machine",
                "  simulate   what a fleet file would do with a version, good or bad; needs no server"})
    private final class Root implements Runnable {

        @CommandLine.Option(names = {"-h", "--help"}, usageHelp = true, description = "show this and end")
        private boolean help;

        @CommandLine.Spec
        private CommandLine.Model.CommandSpec spec;

        @Override
        public void run() {
            surroundings.out().print(spec.commandLine().getUsageMessage(Ansi.OFF));
            surroundings.out().flush();
        }
    }
}
