package cambium.server.fleet;

import cambium.rollout.BrakeDrill;
import cambium.rollout.FleetCommand;
import cambium.rollout.FleetEvent;
import cambium.server.access.Actor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Proves once a day that a brake would brake (C-6), and records how it went: one is pulled at the desk on a scope that
/// holds nothing, read back from the log, and must keep the real planner and loop from starting a made-up version on a
/// made-up cell; so must a brake file; and without them it must start. One that fails is told, and done again each
/// hour until one passes. Only for the process that leads; not thread-safe.
final class DailyDrill {
    static final Duration AGAIN = Duration.ofHours(1);
    static final Duration BETWEEN_LOOKS = Duration.ofMinutes(1);
    private static final String WHY = "daily drill: holds nothing, and is released within seconds";
    private static final Actor DRILL = Actor.allowedEverything("brake drill");
    private static final Logger LOG = LoggerFactory.getLogger(DailyDrill.class);

    private final Optional<LocalTime> at;
    private final Path folder;
    private final FleetStore store;
    private final CommandDesk desk;
    private final Planner planner;
    private final Optional<DrillMeters> meters;
    private final InstantSource time;
    private final Instant began;
    private Instant nextLook = Instant.MIN;

    /// @param at the time of the day, in UTC; without it there are no drills
    /// @param folder where the drill may put a brake file that brakes nothing else; created where missing
    DailyDrill(Optional<LocalTime> at, Path folder, FleetStore store, Planner planner,
            Optional<DrillMeters> meters, InstantSource time) {
        this.at = at;
        this.folder = folder;
        this.store = store;
        this.desk = new CommandDesk(store, time);
        this.planner = planner;
        this.meters = meters;
        this.time = time;
        this.began = time.instant();
    }

    /// Looks whether a drill is due, seldom enough to cost nothing, and does it. A fleet that had none has its first
    /// at the next such time.
    void look() {
        var now = time.instant();
        if (at.isEmpty() || now.isBefore(nextLook)) {
            return;
        }
        var next = last(now, at.get()).plus(Duration.ofDays(1));
        nextLook = next.isBefore(now.plus(BETWEEN_LOOKS)) ? next : now.plus(BETWEEN_LOOKS);
        var fleet = store.load().fleet();
        if (fleet.spec().isPresent() && isDue(fleet.drill(), now, at.get())) {
            run();
        }
        meters.ifPresent(figures -> figures.tell(store.load().fleet()));
    }

    private boolean isDue(Optional<BrakeDrill> drill, Instant now, LocalTime daily) {
        return drill.map(BrakeDrill::at).orElse(began).isBefore(last(now, daily))
                || drill.filter(done -> !done.passed() && !now.isBefore(done.at().plus(AGAIN))).isPresent();
    }

    /// The last such time of the day, up to now.
    private static Instant last(Instant now, LocalTime daily) {
        var today = now.atOffset(ZoneOffset.UTC).with(daily).toInstant();
        return today.isAfter(now) ? today.minus(Duration.ofDays(1)) : today;
    }

    private void run() {
        var began = time.instant();
        var took = Duration.ZERO;
        var failure = Optional.<String>empty();
        try {
            took = drill(began);
            LOG.info("fleet: the drill of the brake passed; a brake held after {} ms", took.toMillis());
        } catch (BrakeRehearsal.Broken | IOException | RuntimeException broken) {
            failure = Optional.of(broken instanceof BrakeRehearsal.Broken ? broken.getMessage() : broken.toString());
            took = Duration.between(began, time.instant());
            LOG.error("fleet: the drill of the brake failed, so do not rely on brakes", broken);
        }
        record(new FleetEvent.BrakeDrilled(time.instant(), took, failure));
    }

    private Duration drill(Instant began) throws BrakeRehearsal.Broken, IOException {
        releaseWhatACrashLeft();
        Files.createDirectories(folder);
        var file = folder.resolve(BrakeFile.NAME);
        Files.deleteIfExists(file);
        var rehearsal = new BrakeRehearsal(planner, BrakeFile.in(folder), time);
        rehearsal.prepare(DRILL);
        var pulled = pulled();
        try {
            rehearsal.take(pulled);
            rehearsal.mustHold("the brake");
            var took = Duration.between(began, time.instant());
            Files.writeString(file, WHY);
            rehearsal.take(released());
            rehearsal.mustHoldByFile();
            Files.delete(file);
            rehearsal.releaseWhatTheFilePulled(DRILL);
            rehearsal.mustStart();
            rehearsal.lastLookMustHold(pulled);
            return took;
        } finally {
            releaseWhatACrashLeft();
            Files.deleteIfExists(file);
        }
    }

    private void releaseWhatACrashLeft() {
        if (store.load().fleet().brakes().containsKey(BrakeDrill.SCOPE)) {
            desk.run(new FleetCommand.ReleaseBrake(BrakeDrill.SCOPE, "the drill is over"), DRILL);
        }
    }

    /// The brake as it stands in the log once it is pulled like any other.
    private FleetEvent.BrakeSet pulled() throws BrakeRehearsal.Broken {
        var done = desk.run(new FleetCommand.SetBrake(BrakeDrill.SCOPE, WHY, Optional.empty()), DRILL);
        if (!store.load().fleet().brakes().containsKey(BrakeDrill.SCOPE)) {
            throw new BrakeRehearsal.Broken("a brake that was pulled is not on for whoever looks");
        }
        if (recorded(done) instanceof FleetEvent.BrakeSet set && set.scope().equals(BrakeDrill.SCOPE)) {
            return set;
        }
        throw new BrakeRehearsal.Broken("a brake that was pulled is not in the log");
    }

    private FleetEvent released() throws BrakeRehearsal.Broken {
        var done = desk.run(new FleetCommand.ReleaseBrake(BrakeDrill.SCOPE, "the drill is over"), DRILL);
        if (store.load().fleet().brakes().containsKey(BrakeDrill.SCOPE)) {
            throw new BrakeRehearsal.Broken("a brake that was released is still on");
        }
        return recorded(done);
    }

    private FleetEvent recorded(CommandDesk.Done done) throws BrakeRehearsal.Broken {
        return store.events(done.revision() - 1, 1).stream().map(RecordedEvent::event).findFirst()
                .orElseThrow(() -> new BrakeRehearsal.Broken("what the desk recorded is not in the log"));
    }

    private void record(FleetEvent result) {
        if (!store.record(List.of(result))) {
            LOG.warn("fleet: the drill's result could not be recorded, the fleet changes too fast");
        }
    }
}
