package cambium.demo;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/// The three versions on their way, and what must be seen of each.
final class Journey {
    private static final Duration LOOK_EVERY = Duration.ofMillis(400);
    /// Far longer than it takes (25 s, 15 s): on a machine that does other work too, late is not wrong.
    private static final Duration A_VERSION_EVERYWHERE = Duration.ofSeconds(180);
    private static final Duration A_HARMFUL_VERSION_BACK = Duration.ofSeconds(90);
    /// How long it is watched afterwards that the blocked version stays away.
    private static final Duration AFTERWARDS = Duration.ofSeconds(3);
    private static final int MAX_FAILED_LOOKS = 20;

    private final ExampleFleet fleet;
    private final CambiumApi api;
    private final ServerProcess server;
    private final Lookout lookout;
    private final Screen screen;
    private final Memory memory;
    private final Expectations expectations = new Expectations();
    private boolean offeredOutside;

    Journey(ExampleFleet fleet, CambiumApi api, ServerProcess server, Lookout lookout, Screen screen) {
        this.fleet = fleet;
        this.api = api;
        this.server = server;
        this.lookout = lookout;
        this.screen = screen;
        this.memory = new Memory(fleet);
    }

    Expectations run() throws IOException, InterruptedException {
        if (firstVersion() && secondVersion()) {
            harmfulVersion();
        }
        return expectations;
    }

    private boolean firstVersion() throws IOException, InterruptedException {
        String version = ExamplePackage.FIRST.version;
        begin(version, "the first version goes to every ring");
        boolean complete = arrives(version, version + " goes to every ring");
        return expectations.expect(version + " reached every ring: all " + fleet.cells().size()
                + " cells answer with it when asked themselves", complete);
    }

    private boolean secondVersion() throws IOException, InterruptedException {
        String version = ExamplePackage.SECOND.version;
        begin(version, "it drops a database column once its post-deployment migrations run");
        boolean complete = arrives(version, version + " goes to every ring, baking in each; migrations follow");
        expectations.expect(version + " baked in every ring before the next one got it",
                memory.bakedRingByRing(version));
        expectations.expect("post-deployment migrations ran on the primary main, then " + version + " graduated",
                memory.migratedBeforeGraduation("main", version));
        expectations.expect(version + " passed the perimeter only as a graduated version",
                memory.graduatedBeforeLeaving(version));
        return expectations.expect(version + " reached every ring: all " + fleet.cells().size()
                + " cells answer with it when asked themselves", complete);
    }

    private void harmfulVersion() throws IOException, InterruptedException {
        String harmful = ExamplePackage.HARMFUL.version;
        String good = ExamplePackage.SECOND.version;
        begin(harmful, "it starts, then fails on every order taken by phone");
        List<DemoCell> innermost = fleet.cells().stream().filter(cell -> cell.ring() == 0).toList();
        boolean back = until(harmful + " is in ring 0 and is being watched", A_HARMFUL_VERSION_BACK, moment -> {
            watchChannels(harmful);
            return memory.everRan(innermost, harmful) && memory.sawBlocked(harmful)
                    && innermost.stream().allMatch(cell -> moment.answers(cell, good));
        });
        long end = System.nanoTime() + AFTERWARDS.toNanos();
        until(harmful + " is blocked and gone; watching that it stays away", AFTERWARDS.multipliedBy(2), _ -> {
            watchChannels(harmful);
            return System.nanoTime() > end;
        });
        expectations.expect(harmful + " really ran in ring 0", memory.everRan(innermost, harmful));
        screen.say("--- " + api.why(harmful));
        expectations.expect("the health gate found it harmful", memory.sawHarm(harmful));
        expectations.expect(harmful + " was blocked, and ring 0 rolled back to " + good + " by itself", back);
        expectations.expect("no cell beyond ring 0 ever ran " + harmful, !memory.everRan(fleet.beyond(0), harmful));
        expectations.expect("the channels of rings 1 to " + fleet.lastRing() + " never offered " + harmful
                + ", and still offer " + good, !offeredOutside && stillOffered(good));
    }

    private void begin(String version, String about) throws IOException, InterruptedException {
        screen.say("--- " + version + ": " + about);
        api.startRollout(version);
    }

    /// Waits until it is everywhere, or has no more hope of getting there; then it says why.
    private boolean arrives(String version, String headline) throws IOException, InterruptedException {
        boolean ended = until(headline, A_VERSION_EVERYWHERE,
                moment -> everywhere(moment, version) || memory.sawBlocked(version));
        if (!ended || memory.sawBlocked(version)) {
            screen.say("--- it did not arrive: " + api.why(version));
            return false;
        }
        return true;
    }

    private boolean everywhere(Moment moment, String version) {
        boolean complete = moment.fleet().version(version).filter(seen -> seen.state().equals("complete")).isPresent();
        return complete && fleet.cells().stream().allMatch(cell -> moment.answers(cell, version));
    }

    private void watchChannels(String version) {
        try {
            for (int ring = 1; ring <= fleet.lastRing(); ring++) {
                offeredOutside |= api.offers(ring, version);
            }
        } catch (IOException noAnswer) {
            // The look itself fails then too, and a server that stays away is reported there.
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean stillOffered(String version) throws IOException, InterruptedException {
        for (int ring = 1; ring <= fleet.lastRing(); ring++) {
            if (!api.offers(ring, version)) {
                return false;
            }
        }
        return true;
    }

    /// Looks until the condition holds or the time is over.
    private boolean until(String headline, Duration limit, Predicate<Moment> condition)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        int failed = 0;
        while (System.nanoTime() < end) {
            try {
                Moment moment = lookout.look();
                memory.remember(moment);
                screen.show(headline, moment);
                if (condition.test(moment)) {
                    return true;
                }
                failed = 0;
            } catch (IOException noAnswer) {
                if (!server.isRunning() || ++failed == MAX_FAILED_LOOKS) {
                    throw new IOException("the server does not answer: " + noAnswer + "\n" + server.lastWords(),
                            noAnswer);
                }
            }
            Thread.sleep(LOOK_EVERY);
        }
        return false;
    }
}
