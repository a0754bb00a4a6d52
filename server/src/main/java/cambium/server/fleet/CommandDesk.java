package cambium.server.fleet;

import cambium.rollout.Fleet;
import cambium.rollout.FleetCommand;
import cambium.rollout.FleetCommands;
import cambium.rollout.FleetEvent;
import cambium.rollout.Scope;
import cambium.server.access.Actor;
import cambium.server.access.Rights;
import cambium.server.http.Refused;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// Takes what people ask for: decides it on the newest fleet and commits it there, again when somebody was faster.
/// Needs no coordinator and no lease, so a brake holds the moment this returns.
public final class CommandDesk {
    static final int MAX_TRIES = 64;

    private final FleetStore store;
    private final Rights rights;
    private final BrakeFile brakeFile;
    private final InstantSource time;

    /// What became of a command: the events it gave (none when the fleet was already so) and the fleet after them.
    public record Done(Fleet fleet, long revision, List<FleetEvent> events) {}

    /// For whoever may do everything.
    public CommandDesk(FleetStore store, InstantSource time) {
        this(store, Rights.UNTOLD, BrakeFile.NONE, time);
    }

    /// @param brakeFile while it is there, nobody releases the brake on the fleet, which it would pull again at once
    public CommandDesk(FleetStore store, Rights rights, BrakeFile brakeFile, InstantSource time) {
        this.store = store;
        this.rights = rights;
        this.brakeFile = brakeFile;
        this.time = time;
    }

    /// Decides and commits; what the fleet refuses, or `by` may not do there, is thrown as [Refused] with its status.
    public Done run(FleetCommand command, Actor by) {
        for (var i = 0; i < MAX_TRIES; i++) {
            var snapshot = store.load();
            permit(snapshot.fleet(), command, by);
            var done = committed(snapshot, decide(snapshot.fleet(), command, by.name()));
            if (done.isPresent()) {
                return done.get();
            }
        }
        throw new Refused(503, "busy", "the fleet changes too fast just now; try again");
    }

    /// What the command would do, without doing it; refused to whoever may not do it.
    Done consider(FleetCommand command, Actor by) {
        permit(store.load().fleet(), command, by);
        return foresee(command, by);
    }

    /// What the command would do if somebody with the right gave it.
    Done foresee(FleetCommand command, Actor by) {
        var snapshot = store.load();
        var events = decide(snapshot.fleet(), command, by.name());
        return new Done(snapshot.fleet().after(events), snapshot.revision(), events);
    }

    /// Refuses what `by` may not ask of that fleet; [#run] does so by itself.
    void permit(Fleet fleet, FleetCommand command, Actor by) {
        rights.ask(by, CommandRights.needed(fleet, command), CommandRights.named(command),
                Optional.of(CommandRights.target(command)));
    }

    /// Whether [#run] would not refuse it to `by` for want of a right.
    public static boolean permits(Fleet fleet, FleetCommand command, Actor by) {
        return CommandRights.needed(fleet, command).stream().allMatch(by::may);
    }

    private Optional<Done> committed(FleetStore.Snapshot snapshot, List<FleetEvent> events) {
        if (events.isEmpty()) {
            return Optional.of(new Done(snapshot.fleet(), snapshot.revision(), events));
        }
        return store.commit(snapshot.revision(), events) != FleetStore.Commit.DONE ? Optional.empty()
                : Optional.of(new Done(snapshot.fleet().after(events), snapshot.revision() + events.size(), events));
    }

    private List<FleetEvent> decide(Fleet fleet, FleetCommand command, String by) {
        if (command instanceof FleetCommand.SetBrake brake && alreadySet(fleet, brake, by)) {
            return List.of();
        }
        if (command instanceof FleetCommand.ReleaseBrake release && release.scope() instanceof Scope.FleetWide) {
            notUnderTheFile();
        }
        return switch (FleetCommands.decide(fleet, command, by, time.instant())) {
            case FleetCommand.Answer.Accepted(var events) -> events;
            case FleetCommand.Answer.Refused(var code, var text) -> throw new Refused(status(code), code, text);
        };
    }

    /// The fleet as it stands; the next command may meet another.
    public Fleet fleet() {
        return store.load().fleet();
    }

    /// Why the brake file holds the fleet, if it does.
    public Optional<String> brakeFile() {
        return brakeFile.reason();
    }

    private void notUnderTheFile() {
        brakeFile.reason().ifPresent(reason -> {
            throw new Refused(409, "brake_file", "the file '" + BrakeFile.NAME + "' in this server's data folder pulls "
                    + "the brake on the fleet again at once; take the file away first (" + reason + ")");
        });
    }

    private static boolean alreadySet(Fleet fleet, FleetCommand.SetBrake wanted, String by) {
        var brake = fleet.brakes().get(wanted.scope());
        return brake != null && brake.by().equals(by) && brake.why().equals(wanted.why())
                && brake.until().equals(wanted.until()) && brake.cancels() == wanted.cancels();
    }

    /// Unknown things are not found, locks say so, incomplete wishes are unprocessable; the rest is a conflict with
    /// what the fleet is.
    static int status(String code) {
        return switch (code) {
            case "unknown_cell", "unknown_ring", "unknown_version", "no_brake", "no_pin" -> 404;
            case "braked" -> 423;
            case "why_missing", "until_past", "bad_scope", "bad_ring" -> 422;
            default -> 409;
        };
    }
}
