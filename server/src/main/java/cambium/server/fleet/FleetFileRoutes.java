package cambium.server.fleet;

import cambium.rollout.Advice;
import cambium.rollout.ChangeShare;
import cambium.rollout.FleetCommand;
import cambium.rollout.FleetSpec;
import cambium.rollout.RingNumber;
import cambium.rollout.Staging;
import cambium.server.access.Permission;
import cambium.server.config.Role;
import cambium.server.fleet.source.FollowedSource;
import cambium.server.fleet.yaml.FleetYaml;
import cambium.server.fleet.yaml.YamlProblem;
import cambium.server.http.Answer;
import cambium.server.http.Call;
import cambium.server.http.Method;
import cambium.server.http.Problem;
import cambium.server.http.Refused;
import cambium.server.http.Route;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The fleet as a file: applied, compared, and written out again.
final class FleetFileRoutes {
    /// From those whom nobody knows, who may ask what a file would change where the fleet is public.
    private static final int MAX_ANONYMOUS_BYTES = 1 << 20;
    /// The reason for a large change.
    private static final String LARGE = "large-change";
    private static final Set<String> WITH_REASON =
            Set.of("large_change", "ring_by_ring", "change_rests", "change_braked");
    /// The last ring that the file is taken for.
    private static final String THROUGH = "through-ring";

    private final FleetStore store;
    private final CommandDesk desk;
    private final Planner planner;
    private final FollowedSource source;
    private final InstantSource time;

    FleetFileRoutes(FleetStore store, CommandDesk desk, Planner planner, FollowedSource source, InstantSource time) {
        this.source = source;
        this.store = store;
        this.desk = desk;
        this.planner = planner;
        this.time = time;
    }

    List<Route> routes() {
        return List.of(
                new Route(Method.PUT, "/api/fleet", Role.WEB, Permission.MANAGE_FLEET, call ->
                        read(call, spec -> apply(call, spec))),
                new Route(Method.POST, "/api/fleet/diff", Role.WEB, Permission.READ_FLEET, call ->
                        read(call, spec -> diff(call, spec))),
                new Route(Method.GET, "/api/fleet/export", Role.WEB, Permission.READ_FLEET, _ -> export()));
    }

    private static Answer read(Call call, Function<FleetSpec, Answer> then) {
        return switch (FleetYaml.read(call.body(call.actor().isAnonymous() ? MAX_ANONYMOUS_BYTES
                : FleetYaml.MAX_BYTES))) {
            case FleetYaml.Reading.Refused(var problems) -> refused(call, problems);
            case FleetYaml.Reading.Read(var spec) -> then.apply(spec);
        };
    }

    private Answer apply(Call call, FleetSpec spec) {
        notBeside(call);
        var before = store.load().fleet().spec();
        var dry = CommandAnswers.isDry(call);
        var through = through(call);
        var command = new FleetCommand.Apply(spec, call.query(LARGE), through);
        var done = dry ? desk.consider(command, call.actor()) : desk.run(command, call.actor());
        var answer = changes(before, spec, through);
        answer.put("dry_run", dry);
        answer.put("revision", done.revision());
        answer.put("advice", FleetView.advice(Advice.in(done.fleet())));
        if (dry) {
            answer.put("plan", PlanView.of(planner.plan(done.fleet(), time.instant())));
        }
        return Answer.json(200, answer);
    }

    /// Two sources of one truth would undo each other: beside a followed repository only who says so declares a fleet.
    private void notBeside(Call call) {
        if (CommandAnswers.isDry(call) || call.query("beside-source").filter("true"::equals).isPresent()) {
            return;
        }
        var state = source.state();
        if (state.followed()) {
            throw new Refused(409, "file_is_source", "the fleet follows " + state.file() + " in branch "
                    + state.branch() + " of " + state.url() + ": change it there");
        }
    }

    /// Whoever may read the fleet may ask; that it would be refused is part of the answer. What would come of a change
    /// that is taken with a reason is told with its refusal, so that whoever is to say why knows of what.
    private Answer diff(Call call, FleetSpec spec) {
        var snapshot = store.load();
        var through = through(call);
        var answer = changes(snapshot.fleet().spec(), spec, through);
        answer.put("dry_run", true);
        answer.put("revision", snapshot.revision());
        var refusal = foresee(new FleetCommand.Apply(spec, call.query(LARGE), through), call, answer);
        refusal.ifPresent(problem -> answer.put("refused", Map.of("code", problem.code(), "message",
                problem.message())));
        if (refusal.filter(problem -> WITH_REASON.contains(problem.code())).isPresent()) {
            foresee(new FleetCommand.Apply(spec, Optional.of("asked what it would do"), through), call, answer);
        }
        return Answer.json(200, answer);
    }

    private Optional<Problem> foresee(FleetCommand.Apply command, Call call, Map<String, Object> answer) {
        try {
            var after = desk.foresee(command, call.actor()).fleet();
            answer.put("plan", PlanView.of(planner.plan(after, time.instant())));
            answer.put("advice", FleetView.advice(Advice.in(after)));
            return Optional.empty();
        } catch (Refused refusal) {
            return Optional.of(refusal.problem());
        }
    }

    private static Optional<RingNumber> through(Call call) {
        return call.query(THROUGH).map(text -> {
            try {
                return RingNumber.of(text);
            } catch (IllegalArgumentException wrong) {
                throw new Refused(422, "bad_ring", THROUGH + ": " + wrong.getMessage(), THROUGH);
            }
        });
    }

    /// Of a file that is taken through a ring: what that changes, what is left and through which ring it is taken next.
    /// Where it cannot be taken so, what all of it would change.
    private static LinkedHashMap<String, Object> changes(Optional<FleetSpec> before, FleetSpec file,
            Optional<RingNumber> through) {
        if (through.isEmpty() || before.isEmpty()) {
            return changes(before, file);
        }
        if (!(Staging.take(before.get(), file, through.get()) instanceof Staging.Taken(var taken, var next))) {
            return changes(before, file);
        }
        var answer = changes(before, taken);
        answer.put("through_ring", through.get().value());
        answer.put("left", FleetChanges.between(Optional.of(taken), file).stream()
                .map(FleetChanges.Change::sentence).toList());
        answer.put("next_ring", next.map(RingNumber::value).orElse(null));
        return answer;
    }

    private static LinkedHashMap<String, Object> changes(Optional<FleetSpec> before, FleetSpec after) {
        var changes = FleetChanges.between(before, after);
        var answer = new LinkedHashMap<String, Object>();
        answer.put("changes", changes.stream().map(FleetChanges.Change::sentence).toList());
        answer.put("differences", changes.stream().map(FleetChanges.Change::told).toList());
        answer.put("share", before.map(known -> share(ChangeShare.between(known, after))).orElse(null));
        return answer;
    }

    private static Map<String, Object> share(ChangeShare share) {
        var told = new LinkedHashMap<String, Object>();
        told.put("cells", share.cells());
        told.put("of", share.of());
        told.put("most_percent", share.limit().percent());
        told.put("large", share.large());
        told.put("text", share.told());
        return told;
    }

    private Answer export() {
        var spec = store.load().fleet().spec().orElseThrow(() ->
                new Refused(409, "no_fleet", "no fleet has been declared yet"));
        return Answer.bytes(200, "application/yaml", FleetYaml.write(spec));
    }

    /// The body of a [cambium.server.http.Problem], and all problems beside it.
    private static Answer refused(Call call, List<YamlProblem> problems) {
        var answer = new LinkedHashMap<String, Object>();
        answer.put("code", problems.getFirst().code());
        answer.put("message", problems.stream().map(YamlProblem::sentence).collect(Collectors.joining("\n")));
        answer.put("field", problems.getFirst().field().orElse(null));
        answer.put("request_id", call.requestId());
        answer.put("problems", problems.stream().<Map<String, Object>>map(problem -> {
            var each = new LinkedHashMap<String, Object>();
            each.put("code", problem.code());
            each.put("line", problem.line() == 0 ? null : problem.line());
            each.put("field", problem.field().orElse(null));
            each.put("message", problem.message());
            return each;
        }).toList());
        return Answer.json(422, answer);
    }
}
