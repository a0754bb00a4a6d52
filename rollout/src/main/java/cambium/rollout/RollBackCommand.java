package cambium.rollout;

import cambium.rollout.FleetCommand.Answer;
import cambium.rollout.FleetCommand.Answer.Accepted;
import cambium.rollout.FleetCommand.Answer.Refused;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// A person takes cells back from what they run. A ring that is taken back from its target is held off it as a whole,
/// with the cells that had not been given it yet.
final class RollBackCommand {
    private RollBackCommand() {}

    static Answer decide(Fleet fleet, FleetCommand.RollBack command, String by, Instant now) {
        if (command.why().isBlank()) {
            return FleetCommands.whyMissing();
        }
        var unknown = FleetCommands.unknown(fleet, command.scope());
        if (unknown.isPresent()) {
            return unknown.get();
        }
        return switch (command.scope()) {
            case Scope.FleetWide() -> new Refused("bad_scope", "a rollback names a cell, a ring or a version");
            case Scope.OfCell(var cell) -> cells(fleet, List.of(fleet.cells().get(cell)), command, by, now);
            case Scope.OfRing(var ring) -> cells(fleet, fleet.cells().values().stream()
                    .filter(cell -> cell.ring().equals(ring)).toList(),
                    command, by, now);
            case Scope.OfVersion(var version) -> version(fleet, version, command, by, now);
        };
    }

    private static Answer cells(Fleet fleet, List<Cell> cells, FleetCommand.RollBack command, String by, Instant now) {
        SequencedMap<ProductVersion, List<CellId>> byVersion = new LinkedHashMap<>();
        Optional<Refused> refusal = Optional.of(new Refused("nothing_to_go_back_to", command.scope()
                + " runs nothing that was deployed here"));
        for (var cell : cells) {
            var running = cell.given().map(Cell.Given::version);
            if (running.isEmpty()) {
                continue;
            }
            var refused = refusal(fleet, cell, running.get(), command);
            if (refused.isEmpty()) {
                byVersion.computeIfAbsent(running.get(), _ -> new ArrayList<>()).add(cell.id());
            } else if (refused.get().code().startsWith("migration_")) {
                return refused.get();
            } else {
                refusal = refused;
            }
        }
        if (byVersion.isEmpty()) {
            return refusal.get();
        }
        if (command.scope() instanceof Scope.OfRing(var ring)) {
            fleet.rings().get(ring).target().map(Ring.Target::version).map(byVersion::get).ifPresent(back ->
                    cells.stream().filter(cell -> cell.given().filter(given -> given.version()
                            .equals(fleet.rings().get(ring).target().orElseThrow().version())).isEmpty())
                            .map(Cell::id).forEach(back::add));
        }
        var events = new ArrayList<FleetEvent>();
        byVersion.forEach((version, ids) ->
                events.add(new FleetEvent.RollbackAsked(now, by, version, ids, command.why(), command.withDowntime())));
        return new Accepted(events);
    }

    private static Optional<Refused> refusal(Fleet fleet, Cell cell, ProductVersion version,
            FleetCommand.RollBack command) {
        var trouble = new Trouble(version, command.why(), true, command.withDowntime());
        return trouble.refusal(fleet, cell).map(text -> new Refused(
                trouble.crossed(fleet, cell).map(Trouble.Crossed::code).orElse("nothing_to_go_back_to"),
                "cell " + cell.id() + ": " + text));
    }

    /// Refused only if no cell could go back; else the version is blocked and each cell goes back that can. One
    /// that was blocked without a person's word stays on cells that baked it, so that this asks for more.
    private static Answer version(Fleet fleet, ProductVersion version, FleetCommand.RollBack command, String by,
            Instant now) {
        if (fleet.version(version).orElseThrow().blocked().filter(VersionRecord.Blocked::takesBack).isPresent()
                && !command.withDowntime()) {
            return new Accepted(List.of());
        }
        var running = fleet.cells().values().stream().filter(cell -> cell.given().filter(given -> given.version()
                .equals(version)).isPresent()).toList();
        var refusals = running.stream().flatMap(cell -> refusal(fleet, cell, version, command).stream()).toList();
        if (!running.isEmpty() && refusals.size() == running.size() && refusals.getFirst().code()
                .startsWith("migration_")) {
            return refusals.getFirst();
        }
        return new Accepted(List.of(new FleetEvent.VersionBlocked(now, by, version, command.why(),
                command.withDowntime())));
    }
}
