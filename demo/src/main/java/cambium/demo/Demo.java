package cambium.demo;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/// The main job on one machine: a server, ten cells, three versions of a small shop. Ends with 0 only when everything
/// was observed that had to be; whatever ends it, nothing is left running.
public final class Demo {
    private static final Duration SERVER_READY = Duration.ofSeconds(90);
    private static final Duration INDEXED = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final int TOKEN_BYTES = 24;

    private final DemoOptions options;
    private final Workspace workspace;
    private final PrintStream out;
    private final long begun = System.nanoTime();
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2)).executor(Executors.newVirtualThreadPerTaskExecutor()).build();
    private final Traffic traffic = new Traffic(client);
    private volatile Optional<ServerProcess> server = Optional.empty();
    private volatile boolean ending;

    private Demo(DemoOptions options, Workspace workspace, PrintStream out) {
        this.options = options;
        this.workspace = workspace;
        this.out = out;
    }

    public static void main(String[] arguments) {
        var out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
        Optional<DemoOptions> options;
        Workspace workspace;
        try {
            options = DemoOptions.parse(arguments);
            if (options.isEmpty()) {
                out.print(DemoOptions.USAGE);
                out.flush();
                return;
            }
            workspace = Workspace.open(options.get());
        } catch (IllegalArgumentException | IOException wrong) {
            System.err.println("cambium: " + wrong.getMessage() + "\n  next: see cambium demo --help");
            System.exit(2);
            return;
        }
        var demo = new Demo(options.get(), workspace, out);
        Runtime.getRuntime().addShutdownHook(new Thread(demo::clean, "clean up"));
        System.exit(demo.run());
    }

    private int run() {
        try {
            boolean observed = play();
            if (!options.exit()) {
                new CountDownLatch(1).await();
            }
            return observed ? 0 : 1;
        } catch (IOException | RuntimeException failed) {
            if (!ending) {
                System.err.println("\ncambium: the demo failed: " + failed.getMessage());
                System.err.println("  next: run it again with --keep and look into " + workspace.serverLog());
            }
            return 1;
        } catch (InterruptedException ended) {
            return 1;
        }
    }

    private boolean play() throws IOException, InterruptedException {
        Path home = Path.of(System.getProperty("cambium.home"));
        var ports = new FreePorts(ProcessHandle.current().pid());
        int port = options.port().orElseGet(ports::take);
        ExampleFleet fleet = ExampleFleet.fitted(home.resolve("deploy/example/fleet.yaml"), ports, workspace.cells(),
                Path.of(System.getProperty("java.home")));
        Screen screen = screen(fleet);
        var api = new CambiumApi(client, "http://127.0.0.1:" + port, adminToken());
        screen.say("server starts on " + api.url() + ", everything in " + workspace.root());
        server = Optional.of(ServerProcess.start(home, workspace, port, api.token()));
        var packages = new ArrayList<Path>();
        for (ExamplePackage example : ExamplePackage.values()) {
            packages.add(new PackageBuilder(workspace.packages()).build(example));
        }
        screen.say("three versions of the shop built as .deb packages");
        await("the server is not ready", SERVER_READY, api::isReady);
        screen.say("server ready");
        publish(api, packages, screen);
        api.apply(fleet.yaml());
        screen.say("fleet applied: " + fleet.cells().size() + " cells, perimeter after ring " + fleet.perimeter());
        traffic.start(fleet.cells(), 1);
        var journey = new Journey(fleet, api, server.get(), new Lookout(client, api, fleet.cells()), screen);
        Expectations expectations = journey.run();
        screen.end();
        summarize(expectations, api);
        return expectations.allObserved();
    }

    private void publish(CambiumApi api, List<Path> packages, Screen screen)
            throws IOException, InterruptedException {
        api.createRepository();
        String distribution = api.distributionId();
        for (Path deb : packages) {
            String address = api.push(deb, distribution);
            await(deb.getFileName() + " is not indexed", INDEXED, () -> api.isIndexed(address));
            screen.say(deb.getFileName() + " pushed and indexed");
        }
    }

    private Screen screen(ExampleFleet fleet) {
        boolean terminal = System.console() != null && System.console().isTerminal()
                && !"dumb".equals(System.getenv("TERM")) && TerminalScreen.fits(fleet, TerminalSize.now());
        String refused = Optional.ofNullable(System.getenv("NO_COLOR")).orElse("");
        return terminal ? new TerminalScreen(out, fleet, traffic::of, refused.isEmpty())
                : new PlainScreen(out, InstantSource.system());
    }

    private static String adminToken() {
        var bytes = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private void await(String otherwise, Duration limit, Check check) throws IOException, InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (!check.holds()) {
            if (!server.map(ServerProcess::isRunning).orElse(false)) {
                throw new IOException("the server ended by itself:\n" + server.get().lastWords());
            }
            if (System.nanoTime() > end) {
                throw new IOException(otherwise + " after " + limit.toSeconds() + " s:\n" + server.get().lastWords());
            }
            Thread.sleep(POLL);
        }
    }

    private void summarize(Expectations expectations, CambiumApi api) throws IOException, InterruptedException {
        out.println();
        out.println("What was observed, in " + Duration.ofNanos(System.nanoTime() - begun).toSeconds() + " s:");
        for (Expectations.Expectation one : expectations.all()) {
            out.println((one.observed() ? "  yes  " : "  NO   ") + one.sentence());
        }
        if (!options.exit()) {
            out.println();
            out.println("The fleet's page:  " + api.url() + "/");
            out.println("Sign in once with: " + api.signInLink());
            out.println("Ctrl-C ends it all.");
        }
        out.flush();
    }

    /// Runs on every way out, also on SIGTERM and Ctrl-C. First what starts others, then what they started.
    private void clean() {
        ending = true;
        traffic.stop();
        try {
            if (server.isPresent()) {
                server.get().stop();
            }
            if (!new Leftovers(workspace.root()).end()) {
                System.err.println("cambium: some process of the demo does not end");
            }
            workspace.remove();
        } catch (IOException notRemoved) {
            System.err.println("cambium: " + workspace.root() + " could not be removed: " + notRemoved.getMessage());
        } catch (InterruptedException impatient) {
            Thread.currentThread().interrupt();
        }
    }

    /// Something to wait for.
    @FunctionalInterface
    private interface Check {
        boolean holds() throws IOException, InterruptedException;
    }
}
