package cambium.simulation;

import cambium.rollout.ApprovalStatus;
import cambium.rollout.AttemptId;
import cambium.rollout.AttemptResult;
import cambium.rollout.Cell;
import cambium.rollout.CellId;
import cambium.rollout.Duty;
import cambium.rollout.Fleet;
import cambium.rollout.FleetCommand;
import cambium.rollout.FleetCommands;
import cambium.rollout.FleetEvent;
import cambium.rollout.PackageRef;
import cambium.rollout.Plan;
import cambium.rollout.ProductVersion;
import cambium.rollout.Ring;
import cambium.rollout.RingNumber;
import cambium.rollout.Rollout;
import cambium.rollout.Scope;
import cambium.rollout.VersionRecord;
import cambium.rollout.Wait;
import cambium.server.fleet.FleetStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Release managers, engineers on call and ops: they deploy, brake, roll back, change the fleet, and now and then help.
final class People {
    private static final ProductVersion FINAL = ProductVersion.of("9.0.0");

    private static final int MAX_FALSE_ALARMS = 3;

    private final World world;
    private final FleetStore store;
    private final Layout layout;
    /// Not everywhere, since what is pinned or moved around meets little of what else can go wrong. Who moves cells
    /// often moves those that have baked what they run.
    private final boolean pinning;
    private final boolean moving;
    private final boolean busy;
    private int versions;
    private int falseAlarms;

    /// @param busy whether they act often, and change the fleet's file most of all
    People(World world, FleetStore store, Layout layout, boolean busy) {
        this.world = world;
        this.store = store;
        this.layout = layout;
        this.busy = busy;
        this.pinning = world.chance.in(0.3);
        this.moving = world.chance.in(0.3);
    }

    void declareFleet() {
        var spec = layout.spec();
        world.declare(spec);
        command("ops", new FleetCommand.Apply(spec, Optional.of("the fleet grows")));
    }

    /// The share of times when one of them could act.
    double often() {
        return busy ? 0.5 : 0.12;
    }

    /// Something that one of them does by chance.
    void act() {
        if (world.storeRefuses()) {
            return;
        }
        var fleet = store.load().fleet();
        if (fleet.spec().isEmpty()) {
            declareFleet();
            return;
        }
        var chance = world.chance;
        if (moving && chance.in(0.25)) {
            layout.move(id -> fleet.cells().containsKey(id) && fleet.cells().get(id).given()
                    .filter(given -> fleet.cells().get(id).provedGood(given.version())).isPresent());
            declareFleet();
            return;
        }
        switch (busy && chance.in(0.25) ? 19 : chance.below(pinning ? 24 : 21)) {
            case 0, 1, 2, 3 -> deployNew(fleet);
            case 4, 5 -> command("oncall", new FleetCommand.SetBrake(scope(fleet), "something looks odd", chance.in(0.3)
                    ? Optional.of(world.time.instant().plus(chance.upTo(Duration.ofHours(2)))) : Optional.empty(),
                    chance.in(0.3)));
            case 6, 7 -> releaseBrake(fleet);
            case 8 -> command("rm", new FleetCommand.RollBack(chance.in(0.5) ? scope(fleet) : wayBack(fleet),
                    "a customer complains", chance.in(0.3)));
            case 9 -> fleet.versions().values().stream().filter(version -> version.blocked().isPresent()).findFirst()
                    .ifPresent(version -> command("rm", new FleetCommand.Unblock(version.version(),
                            "it was something else")));
            case 10 -> anyVersion(fleet).ifPresent(version ->
                    command("rm", new FleetCommand.RunPdm(version, Optional.empty())));
            case 11 -> anyVersion(fleet).ifPresent(version -> command("rm", new FleetCommand.Graduate(version)));
            case 12 -> anyVersion(fleet).ifPresent(version -> command("rm", new FleetCommand.Deploy(version, List.of(),
                    chance.in(0.3) ? Optional.of(anyRing(fleet)) : Optional.empty(), Optional.of(anyCell(fleet)),
                    chance.in(0.4))));
            case 13, 14 -> command("ops", new FleetCommand.SetDuty(anyCell(fleet), chance.of(List.of(new Duty.OnDuty(),
                    new Duty.Deferred(world.time.instant().plus(chance.upTo(Duration.ofHours(3)))),
                    new Duty.Leaving(), new Duty.Quarantined())), "the host is looked after", chance.in(0.5)));
            case 16, 17, 18 -> rule(fleet);
            case 15 -> anyVersion(fleet).ifPresent(version -> command("rm", new FleetCommand.Veto(version,
                    "its notes are wrong")));
            case 19 -> {
                layout.change();
                declareFleet();
            }
            case 20 -> anyVersion(fleet).ifPresent(version -> command("rm", new FleetCommand.Approve(version,
                    RingNumber.INNERMOST, FleetCommand.Ruling.APPROVE, Optional.of("it cannot wait"))));
            case 21, 22 -> pin(fleet);
            default -> fleet.pins().keySet().stream().findAny().ifPresent(scope ->
                    command("rm", new FleetCommand.ReleasePin(scope, "the audit is over")));
        }
    }

    private void pin(Fleet fleet) {
        anyVersion(fleet).ifPresent(version -> command("rm", new FleetCommand.SetPin(world.chance.in(0.5)
                ? new Scope.OfRing(anyRing(fleet)) : new Scope.OfCell(anyCell(fleet)), version, "an audit",
                world.chance.in(0.3) ? Optional.of(world.time.instant().plus(world.chance.upTo(Duration.ofHours(2))))
                : Optional.empty())));
    }

    /// Somebody speaks for a ring, most often for what the ring waits for.
    private void rule(Fleet fleet) {
        var waiting = ApprovalStatus.of(fleet, new Plan(List.of(), List.of()), world.time.instant());
        var ruling = world.chance.of(List.of(FleetCommand.Ruling.APPROVE, FleetCommand.Ruling.APPROVE,
                FleetCommand.Ruling.APPROVE, FleetCommand.Ruling.WITHDRAW, FleetCommand.Ruling.REFUSE));
        if (!waiting.isEmpty()) {
            var wanted = world.chance.of(waiting);
            var who = world.chance.of(List.of("rm", "ops", "oncall"));
            command(who, new FleetCommand.Approve(wanted.version(), wanted.ring(), ruling, Optional.of("looked")));
        }
    }

    private void deployNew(Fleet fleet) {
        var version = ProductVersion.of("1." + ++versions + ".0");
        var natures = Truth.Nature.values();
        boolean harms = world.metrics.isPresent() && world.chance.in(0.3);   // for the judge to find
        world.truth.register(version, harms ? Truth.Nature.HARMFUL : world.chance.in(0.55) ? Truth.Nature.GOOD
                : natures[world.chance.below(natures.length)]);
        world.timeline.tell("truth", () -> version + " is " + world.truth.of(version));
        boolean lane = fleet.spec().orElseThrow().rings().stream()
                .anyMatch(ring -> ring.policy().bake().hotfix().isPresent());
        deploy(version, world.chance.in(0.25) && lane ? Optional.of("customers cannot pay") : Optional.empty());
    }

    private void deploy(ProductVersion version, Optional<String> hotfix) {
        var packages = List.of(new PackageRef("shop", version.value(), "amd64", "a".repeat(64), "pool/shop_" + version
                + ".deb"));
        command("rm", new FleetCommand.Deploy(version, packages, Optional.empty(), Optional.empty(), false,
                Optional.empty(), hotfix));
    }

    private void releaseBrake(Fleet fleet) {
        if (!fleet.brakes().isEmpty()) {
            command("oncall", new FleetCommand.ReleaseBrake(world.chance.of(List.copyOf(fleet.brakes().keySet())),
                    "it is over"));
        }
    }

    private Scope scope(Fleet fleet) {
        return switch (world.chance.below(4)) {
            case 0 -> new Scope.FleetWide();
            case 1 -> new Scope.OfRing(anyRing(fleet));
            case 2 -> new Scope.OfCell(anyCell(fleet));
            default -> anyVersion(fleet).<Scope>map(Scope.OfVersion::new).orElse(new Scope.FleetWide());
        };
    }

    /// A cell that has something to go back to, or its ring, where there is one.
    private Scope wayBack(Fleet fleet) {
        var cells = fleet.cells().values().stream().filter(cell -> cell.given().isPresent()
                && (cell.previousGood().isPresent() || cell.lastKnownGood().filter(good -> !good.version()
                .equals(cell.given().get().version())).isPresent())).toList();
        if (cells.isEmpty()) {
            return scope(fleet);
        }
        var cell = world.chance.of(cells);
        return world.chance.in(0.3) && cell.ring().value() >= 0 ? new Scope.OfRing(cell.ring())
                : new Scope.OfCell(cell.id());
    }

    private CellId anyCell(Fleet fleet) {
        return world.chance.of(List.copyOf(fleet.cells().keySet()));
    }

    private RingNumber anyRing(Fleet fleet) {
        return world.chance.of(List.copyOf(fleet.rings().keySet()));
    }

    private Optional<ProductVersion> anyVersion(Fleet fleet) {
        return fleet.versions().isEmpty() ? Optional.empty()
                : Optional.of(world.chance.of(List.copyOf(fleet.versions().keySet())));
    }

    private void command(String who, FleetCommand command) {
        for (int tries = 0; tries < 5; tries++) {
            var snapshot = store.load();
            switch (FleetCommands.decide(snapshot.fleet(), command, who, world.time.instant())) {
                case FleetCommand.Answer.Refused(var code, var text) -> {
                    world.timeline.tell(who, () -> "is refused " + command.getClass().getSimpleName() + " (" + code
                            + "): " + text);
                    return;
                }
                case FleetCommand.Answer.Accepted(var events) -> {
                    if (events.isEmpty() || store.commit(snapshot.revision(), events) == FleetStore.Commit.DONE) {
                        return;
                    }
                }
            }
        }
    }

    /// A result that comes late, twice or from nowhere finds its way into the log. It must change nothing.
    Optional<String> strayResult() {
        var snapshot = store.load();
        var candidates = new ArrayList<AttemptId>();
        snapshot.fleet().cells().values().forEach(cell -> cell.attempts().values().stream().filter(attempt ->
                attempt.terminal())
                .forEach(attempt -> candidates.add(attempt.id())));
        candidates.add(AttemptId.of("r99999.nobody.deploy.1"));
        var stray = new FleetEvent.AttemptFinished(world.time.instant(), world.chance.of(candidates),
                world.chance.in(0.5) ? new AttemptResult.Succeeded() : new AttemptResult.Failed("late"));
        store.commit(snapshot.revision(), List.of(stray));
        var after = store.load().fleet();
        return after.cells().equals(snapshot.fleet().cells()) ? Optional.empty()
                : Optional.of(stray + " changed a cell");
    }

    /// From here they want one good version everywhere.
    void settle() {
        List.copyOf(store.load().fleet().pins().keySet())
                .forEach(scope -> command("rm", new FleetCommand.ReleasePin(scope, "all is well")));
        List.copyOf(store.load().fleet().brakes().keySet())
                .forEach(scope -> command("oncall", new FleetCommand.ReleaseBrake(scope, "all is well")));
        store.load().fleet().cells().values().stream().filter(cell ->
                !(cell.membership().duty() instanceof Duty.OnDuty)).map(Cell::id).toList()
                .forEach(id -> command("ops", new FleetCommand.SetDuty(id, new Duty.OnDuty(), "all is well", false)));
        world.truth.register(FINAL, Truth.Nature.GOOD);
        deploy(FINAL, Optional.empty());
    }

    /// What they do when the fleet waits for a person.
    void help(Plan plan) {
        releaseFalseAlarm(store.load().fleet());
        if (asks(plan, Wait.Code.PAUSED) && (asks(plan, Wait.Code.UNREACHABLE)
                || asks(plan, Wait.Code.ROLLBACK_REFUSED))) {
            letIn();
        }
        for (var wait : plan.waits()) {
            if (wait.code() == Wait.Code.UNREACHABLE && wait.subject() instanceof Scope.OfCell(var cell)) {
                command("oncall", new FleetCommand.Deploy(FINAL, List.of(), Optional.empty(), Optional.of(cell)));
            }
        }
        plan.waits().forEach(wait -> {
            if (wait.code() == Wait.Code.APPROVAL && wait.subject() instanceof Scope.OfRing(var ring)) {
                for (var who : List.of("rm", "ops")) {
                    command(who, new FleetCommand.Approve(FINAL, ring, FleetCommand.Ruling.APPROVE,
                            Optional.empty()));
                }
            }
        });
        boolean pdm = asks(plan, Wait.Code.PDM_MANUAL) || asks(plan, Wait.Code.PDM);
        if (pdm) {
            command("rm", new FleetCommand.RunPdm(FINAL, Optional.empty()));
        }
        if (asks(plan, Wait.Code.NOT_GRADUATED)) {
            command("rm", new FleetCommand.Graduate(FINAL));
        }
        if (pdm || asks(plan, Wait.Code.NOT_GRADUATED) || asks(plan, Wait.Code.OUTER_RING)
                || asks(plan, Wait.Code.APPROVAL)) {
            vetoWhatStandsInTheWay();
        }
    }

    private static boolean asks(Plan plan, Wait.Code code) {
        return plan.waits().stream().anyMatch(wait -> wait.code() == code);
    }

    /// What keeps the late ring waits for a person itself, and what is on its way is the way out. A pause alone has to
    /// end by itself.
    private void letIn() {
        var versions = store.load().fleet().rollouts().values().stream()
                .filter(rollout -> rollout.state() == Rollout.State.ACTIVE).map(Rollout::version).toList();
        for (var version : versions) {
            for (var who : List.of("rm", "ops")) {
                command(who, new FleetCommand.Approve(version, RingNumber.INNERMOST, FleetCommand.Ruling.APPROVE,
                        Optional.empty()));
            }
        }
    }

    /// The judge is wrong now and then, as it says, and a quiet cell needs longer for its requests than a short
    /// deadline bears; a person looks and lets the good version go on. Hardly ever twice.
    private void releaseFalseAlarm(Fleet fleet) {
        boolean alarmed = fleet.version(FINAL).flatMap(VersionRecord::blocked)
                .filter(blocked -> blocked.by().equals(FleetEvent.AUTOMATION)
                        && (world.metrics.isPresent() || blocked.why().contains("nothing has begun or ended")))
                .isPresent();
        if (alarmed && falseAlarms++ < MAX_FALSE_ALARMS) {
            command("oncall", new FleetCommand.Unblock(FINAL, "nothing is wrong with it"));
            deploy(FINAL, Optional.empty());
        }
    }

    /// Versions that queue before the wanted one and need a person are not worth the help.
    private void vetoWhatStandsInTheWay() {
        var fleet = store.load().fleet();
        Stream.concat(fleet.rings().values().stream().flatMap(ring -> ring.target().stream())
                .map(Ring.Target::version), fleet.rollouts().values().stream()
                .filter(rollout -> rollout.state() == Rollout.State.ACTIVE).map(Rollout::version))
                .filter(version -> !version.equals(FINAL)).distinct().toList()
                .forEach(version -> command("rm", new FleetCommand.Veto(version, "9.0.0 is wanted")));
    }

    /// What is missing until the good version is everywhere for good.
    List<String> missing(Fleet fleet) {
        var missing = new ArrayList<String>();
        for (var cell : fleet.cells().values()) {
            if (cell.ring().value() >= 0 && !(cell.runs(FINAL) && cell.provedGood(FINAL))) {
                missing.add("cell " + cell.id() + " of ring " + cell.ring() + " has " + cell.sight().flatMap(sight ->
                        sight.version()));
            }
        }
        return missing;
    }
}
