package cambium.server.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.CellId;
import cambium.rollout.Duty;
import cambium.rollout.Fleet;
import cambium.rollout.FleetCommand;
import cambium.rollout.FleetEvent;
import cambium.rollout.PackageRef;
import cambium.rollout.ProductVersion;
import cambium.rollout.RingNumber;
import cambium.rollout.Scope;
import cambium.server.access.Actor;
import cambium.server.access.BuiltInRole;
import cambium.server.access.Permission;
import cambium.server.access.Rights;
import cambium.server.fleet.memory.InMemoryFleetStore;
import cambium.server.http.Refused;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Every command, on both sides of the perimeter, given by every role: what the desk lets through is what
/// docs/ROLES.md says.
class CommandRightsTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final ProductVersion VERSION = ProductVersion.of("1.0.0");
    private static final String BEGIN = "<!-- commands -->\n";
    private static final String END = "<!-- end of commands -->";

    private Instant now = NOW;
    private final FleetStore store = new InMemoryFleetStore(() -> NOW);
    private final DeniedTries denied = new DeniedTries(store, new SimpleMeterRegistry(), () -> now);
    private final CommandDesk desk = new CommandDesk(store, new Rights(denied), BrakeFile.NONE, () -> NOW);

    CommandRightsTest() {
        desk.run(new FleetCommand.Apply(CoordinatorLoopTest.SPEC), Actor.allowedEverything("anna"));
    }

    private static Actor actor(BuiltInRole role) {
        return new Actor(role.word(), Stream.of(Permission.values()).filter(role::may).collect(Collectors.toSet()));
    }

    private static Map<String, FleetCommand> commands() {
        var spec = CoordinatorLoopTest.SPEC;
        var inner = spec.rings().getFirst();
        var outer = spec.rings().getLast();
        assertTrue(outer.ring().compareTo(spec.perimeter()) > 0, "the fleet of this test has an outside");
        var cell = outer.cells().getFirst().cell();
        var own = inner.cells().getFirst().cell();
        var all = new LinkedHashMap<String, FleetCommand>();
        all.put("deploy a version: it begins at ring 0", deploy(Optional.empty(), Optional.empty()));
        all.put("deploy a version as a hotfix", new FleetCommand.Deploy(VERSION, List.of(), Optional.empty(),
                Optional.empty(), false, Optional.empty(), Optional.of("why")));
        all.put("deploy to a ring or cell inside", deploy(Optional.empty(), Optional.of(own)));
        all.put("deploy to a ring or cell outside", deploy(Optional.of(outer.ring()), Optional.empty()));
        all.put("run PDM inside", new FleetCommand.RunPdm(VERSION, Optional.of(own)));
        all.put("run PDM outside", new FleetCommand.RunPdm(VERSION, Optional.of(cell)));
        all.put("graduate a version", new FleetCommand.Graduate(VERSION));
        all.put("approve for a ring inside", new FleetCommand.Approve(VERSION, inner.ring(),
                FleetCommand.Ruling.APPROVE, Optional.empty()));
        all.put("approve for a ring outside", new FleetCommand.Approve(VERSION, outer.ring(),
                FleetCommand.Ruling.APPROVE, Optional.empty()));
        all.put("veto a version that has not left", new FleetCommand.Veto(VERSION, "why"));
        all.put("pin a ring or cell inside", new FleetCommand.SetPin(new Scope.OfCell(own), VERSION, "why",
                Optional.empty()));
        all.put("pin a ring or cell outside", new FleetCommand.SetPin(new Scope.OfRing(outer.ring()), VERSION, "why",
                Optional.empty()));
        all.put("release a pin inside", new FleetCommand.ReleasePin(new Scope.OfCell(own), "why"));
        all.put("release a pin outside", new FleetCommand.ReleasePin(new Scope.OfCell(cell), "why"));
        all.put("release a blocked version", new FleetCommand.Unblock(VERSION, "why"));
        all.put("roll back a ring or cell inside, or a version that has not left",
                new FleetCommand.RollBack(new Scope.OfRing(inner.ring()), "why", false));
        all.put("roll back a ring or cell outside, or a version that is there",
                new FleetCommand.RollBack(new Scope.OfCell(cell), "why", false));
        all.put("pull a brake", new FleetCommand.SetBrake(new Scope.FleetWide(), "why", Optional.empty()));
        all.put("release a brake", new FleetCommand.ReleaseBrake(new Scope.FleetWide(), "why"));
        all.put("apply a fleet, also as a large change", new FleetCommand.Apply(spec, Optional.of("why")));
        all.put("defer, quarantine, resume a cell, or let it leave",
                new FleetCommand.SetDuty(cell, new Duty.Quarantined(), "why", false));
        all.put("let count what stands in a changed event of the log", new FleetCommand.AcceptLog(1, "why"));
        return all;
    }

    private static FleetCommand deploy(Optional<RingNumber> ring, Optional<CellId> cell) {
        return new FleetCommand.Deploy(VERSION, List.of(new PackageRef("storefront", "1.0.0", "amd64", "ab".repeat(32),
                "pool/s")), ring, cell);
    }

    private boolean lets(BuiltInRole role, FleetCommand command) {
        var before = store.load().revision();
        try {
            desk.consider(command, actor(role));
        } catch (Refused refused) {
            var problem = refused.problem();
            if (problem.status() == 403) {
                assertEquals("forbidden", problem.code());
                var who = BuiltInRole.with(CommandRights.needed(store.load().fleet(), command)).stream()
                        .map(BuiltInRole::word).collect(Collectors.joining(", "));
                assertTrue(problem.message().endsWith("; who may: " + who), problem.message());
                return false;
            }
        } finally {
            assertEquals(before, store.load().revision());
        }
        return true;
    }

    @Test
    void theDeskLetsThroughWhatTheDocumentSays() throws IOException {
        var lines = new ArrayList<String>();
        lines.add("| command | " + Stream.of(BuiltInRole.values()).map(BuiltInRole::word)
                .collect(Collectors.joining(" | ")) + " |");
        lines.add("|---" + "|---".repeat(BuiltInRole.values().length) + "|");
        commands().forEach((named, command) -> lines.add("| " + named + " | " + Stream.of(BuiltInRole.values())
                .map(role -> lets(role, command) ? "yes" : "no").collect(Collectors.joining(" | ")) + " |"));
        var text = Files.readString(Path.of("..", "docs", "ROLES.md"));
        assertEquals(String.join("\n", lines) + "\n",
                text.substring(text.indexOf(BEGIN) + BEGIN.length(), text.indexOf(END)));
    }

    @Test
    void everyCommandIsInTheTable() {
        var kinds = commands().values().stream().map(Object::getClass).collect(Collectors.toSet());
        assertEquals(List.of(), Stream.of(FleetCommand.class.getPermittedSubclasses())
                .filter(kind -> !kinds.contains(kind)).toList());
    }

    @Test
    void aReleaseManagerIsToldWhoRollsBackOutside() {
        var command = commands().get("roll back a ring or cell outside, or a version that is there");
        var refused = assertThrows(Refused.class, () -> desk.run(command, actor(BuiltInRole.RELEASE_MANAGER)));
        assertEquals("'release-manager' may not do this; it needs the permission outside_perimeter; who may: "
                + "administrator, ops", refused.problem().message());
        assertEquals(1, store.load().revision(), "the fleet, and nothing else");
    }

    @Test
    void everyDeniedCommandOfEveryRoleLeavesItsTrace() {
        var fleet = store.load().fleet();
        var tries = new ArrayList<FleetEvent>();
        for (var command : commands().values()) {
            for (var role : BuiltInRole.values()) {
                var before = store.load();
                var missing = CommandRights.needed(fleet, command).stream().filter(needed -> !role.may(needed))
                        .map(Permission::word).toList();
                if (!lets(role, command)) {
                    denied.record();
                    var event = new FleetEvent.TryDenied(now, role.word(), CommandRights.named(command),
                            Optional.of(CommandRights.target(command)), missing, 1);
                    tries.add(event);
                    assertEquals(event, store.events(before.revision(), 10).getLast().event());
                    // Late enough that each is told apart.
                    now = now.plus(DeniedTries.LONGEST_PAUSE);
                    assertEquals(before.revision() + 1, store.load().revision(), "the trace, and nothing else");
                }
            }
        }
        assertEquals(tries, store.events(1, 500).stream().map(RecordedEvent::event).toList());
    }

    @Test
    void nobodyIsAskedToSignInAndNotTold() {
        var refused = assertThrows(Refused.class, () -> desk.permit(Fleet.empty(),
                new FleetCommand.Graduate(VERSION), Actor.ANONYMOUS));
        assertEquals(401, refused.problem().status());
    }
}
