package cambium.server;

import cambium.server.config.HeapDamage;
import cambium.server.config.NameCache;
import cambium.server.config.ServerConfig;
import cambium.server.config.StartRefused;
import cambium.server.sql.DatabaseFailed;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `cambium serve`. Ends with 0 after a signal to stop, with 2 where a setting or the surroundings do not allow a
/// start, with 1 where starting failed otherwise, with 3 where memory ran out and left it broken.
public final class Main {
    private static final Logger LOG = LoggerFactory.getLogger(Main.class);
    private static final int REFUSED = 2;
    private static final int FAILED = 1;
    private static final int DAMAGED = 3;
    private static final Duration LAST_WORK = Duration.ofSeconds(20);

    private Main() {}

    public static void main(String[] arguments) {
        var rest = List.of(arguments);
        if (rest.isEmpty() || !rest.getFirst().equals("serve")) {
            System.err.println("cambium: the server knows one command: serve");
            System.exit(REFUSED);
        }
        if (rest.contains("--help")) {
            System.out.print(ServerConfig.help());
            return;
        }
        NameCache.set();
        var running = new Running();
        var hook = new Thread(() -> stop(running), "stop");
        var giveUp = new Thread(() -> giveUp(running), "give up");
        HeapDamage.watch(new HeapDamage(() -> begin(giveUp)));
        try {
            var config = ServerConfig.parse(rest.subList(1, rest.size()), System.getenv());
            Runtime.getRuntime().addShutdownHook(hook);
            var wiring = new Wiring(config, running);
            LOG.info("starting: {}", config);
            greet(wiring, wiring.start());
            new CountDownLatch(1).await();
        } catch (StartRefused refused) {
            System.err.println("cambium: " + refused.getMessage());
            end(running, hook, REFUSED);
        } catch (DatabaseFailed failed) {
            System.err.println("cambium: " + failed.getMessage()
                    + "; see whether it runs, and what --database-url says");
            end(running, hook, REFUSED);
        } catch (Exception failed) {
            LOG.error("the server could not start", failed);
            end(running, hook, FAILED);
        }
    }

    private static void greet(Wiring wiring, Wiring.Started started) {
        started.freshAdminToken().ifPresent(token -> System.out.println(
                "The administrator's token, shown this once (also in the file admin-token): " + token));
        var console = System.console();
        if (console != null && console.isTerminal()) {
            started.signInLink().ifPresent(link -> System.out.println("Sign in once with: " + link));
        }
        System.out.println("Cambium answers at " + wiring.address(started.http()));
        System.out.flush();
    }

    private static void end(Running running, Thread hook, int code) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // A signal came meanwhile; its hook closes everything and ends the process.
            return;
        }
        running.close();
        System.exit(code);
    }

    private static synchronized void begin(Thread giveUp) {
        if (giveUp.getState() == Thread.State.NEW) {
            try {
                giveUp.start();
            } catch (OutOfMemoryError noThread) {
                Runtime.getRuntime().halt(DAMAGED);
            }
        }
    }

    /// As well as it still can: what closes may be what is broken.
    private static void giveUp(Running running) {
        try {
            System.err.println("cambium: memory ran out and left a part of this process broken; it ends, to be started "
                    + "anew; give it more memory (-Xmx in JAVA_TOOL_OPTIONS)");
            var closing = new Thread(running::close, "close");
            closing.setDaemon(true);
            closing.start();
            closing.join(LAST_WORK.toMillis());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } finally {
            Runtime.getRuntime().halt(DAMAGED);
        }
    }

    /// A Java process that a signal ends would give 128 + the signal; a stop that was asked for is a success.
    private static void stop(Running running) {
        LOG.info("stopping");
        running.close();
        LOG.info("stopped");
        Runtime.getRuntime().halt(0);
    }
}
