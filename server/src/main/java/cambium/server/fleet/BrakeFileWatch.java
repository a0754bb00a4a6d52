package cambium.server.fleet;

import cambium.rollout.FleetCommand;
import cambium.rollout.Scope;
import cambium.server.access.Actor;
import cambium.server.config.HeapDamage;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Pulls the brake on the fleet in every process whose data folder holds a [BrakeFile], so that other processes obey it
/// too. Taking the file away releases nothing: that is said by a person, with a reason, like for any brake.
final class BrakeFileWatch implements AutoCloseable {
    static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);
    private static final Logger LOG = LoggerFactory.getLogger(BrakeFileWatch.class);

    private final BrakeFile file;
    private final FleetStore store;
    private final CommandDesk desk;
    private Optional<Thread> thread = Optional.empty();
    private Optional<String> failure = Optional.empty();

    BrakeFileWatch(BrakeFile file, FleetStore store, CommandDesk desk) {
        this.file = file;
        this.store = store;
        this.desk = desk;
    }

    void start() {
        thread = Optional.of(Thread.ofVirtual().name("brake-file").start(() -> {
            try {
                while (true) {
                    look();
                    Thread.sleep(BETWEEN_LOOKS);
                }
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        }));
    }

    /// One look. Sets the brake only where the fleet has none: who pulled it first stays named.
    void look() {
        var reason = file.reason();
        if (reason.isEmpty()) {
            failure = Optional.empty();
            return;
        }
        try {
            if (!store.load().fleet().brakes().containsKey(new Scope.FleetWide())) {
                desk.run(new FleetCommand.SetBrake(new Scope.FleetWide(), reason.get(), Optional.empty()),
                        Actor.allowedEverything("brake file"));
                LOG.warn("fleet: the brake file holds the whole fleet: {}", reason.get());
            }
            failure = Optional.empty();
        } catch (RuntimeException | VirtualMachineError | LinkageError unable) {
            HeapDamage.note(unable);
            say(unable.toString());
        }
    }

    private void say(String trouble) {
        if (failure.isEmpty()) {
            LOG.warn("fleet: the brake file stops this process; the others could not be told yet: {}", trouble);
        }
        failure = Optional.of(trouble);
    }

    @Override
    public void close() {
        thread.ifPresent(Thread::interrupt);
    }
}
