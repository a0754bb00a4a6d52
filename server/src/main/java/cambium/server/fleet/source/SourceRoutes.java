package cambium.server.fleet.source;

import cambium.server.access.Actor;
import cambium.server.access.Permission;
import cambium.server.config.Role;
import cambium.server.fleet.CommandDesk;
import cambium.server.fleet.CommandFields;
import cambium.server.fleet.yaml.FleetYaml;
import cambium.server.http.Answer;
import cambium.server.http.Call;
import cambium.server.http.Method;
import cambium.server.http.Refused;
import cambium.server.http.Route;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the fleet follows, and a person's word that takes a commit which it would not take by itself.
public final class SourceRoutes {
    private static final int MIN_COMMIT = 7;

    private final PostgresSource source;
    private final CommandDesk desk;
    private final InstantSource time;

    public SourceRoutes(PostgresSource source, CommandDesk desk, InstantSource time) {
        this.source = source;
        this.desk = desk;
        this.time = time;
    }

    public List<Route> routes() {
        return List.of(
                new Route(Method.GET, "/api/fleet/source", Role.WEB, Permission.READ_FLEET, _ ->
                        Answer.json(200, view(source.state()))),
                new Route(Method.POST, "/api/fleet/source/apply", Role.WEB, Permission.MANAGE_FLEET, this::apply));
    }

    /// The very bytes that were seen at that commit, by the command that `PUT /api/fleet` gives; where changes go ring
    /// by ring, of the next ring.
    private Answer apply(Call call) {
        var fields = CommandFields.of(call, "commit", "large_change");
        var named = fields.required("commit");
        var state = source.state();
        if (!state.followed()) {
            throw new Refused(409, "no_source", "the fleet follows no repository");
        }
        var seen = state.seen().filter(head -> named.length() >= MIN_COMMIT && head.commit().startsWith(named))
                .orElseThrow(() -> new Refused(409, "commit_moved", state.seen().map(head -> "the head of "
                        + state.branch() + " is " + GitBranch.brief(head.commit()) + ", not '" + named + "'")
                        .orElse("no commit of " + state.branch() + " was seen yet")));
        var content = seen.content().orElseThrow(() -> refused(seen.refusal()));
        var spec = FollowedCommit.spec(content).orElseThrow(() -> refused(state.standing().refusal()));
        var by = call.actor().name() + ", " + FollowedCommit.name(state.branch(), seen.commit());
        var done = desk.run(FollowedCommit.step(desk.fleet(), spec, fields.text("large_change")),
                new Actor(by, call.actor().permissions()));
        var taken = done.fleet().spec().orElseThrow();
        if (taken.equals(spec)) {
            source.applied(seen.commit(), content, by, time.instant());
        } else {
            source.appliedPart(seen.commit(), FleetYaml.write(taken), by, time.instant());
        }
        var answer = view(source.state());
        answer.put("revision", done.revision());
        return Answer.json(200, answer);
    }

    private static Refused refused(Optional<SourceState.Refusal> refusal) {
        return new Refused(422, refusal.map(SourceState.Refusal::code).orElse("invalid_fleet"),
                refusal.map(SourceState.Refusal::message).orElse("the file of that commit is no fleet"));
    }

    /// As the API tells it.
    public static Map<String, Object> view(SourceState state) {
        var view = new LinkedHashMap<String, Object>();
        view.put("followed", state.followed());
        view.put("url", state.followed() ? state.url() : null);
        view.put("branch", state.followed() ? state.branch() : null);
        view.put("file", state.followed() ? state.file() : null);
        view.put("state", state.standing().state().word());
        view.put("code", state.standing().refusal().map(SourceState.Refusal::code).orElse(null));
        view.put("message", state.standing().refusal().map(SourceState.Refusal::message).orElse(null));
        view.put("since", state.standing().since().toString());
        view.put("looked_at", text(state.lookedAt()));
        view.put("trouble", state.trouble().map(SourceState.Trouble::why).orElse(null));
        view.put("trouble_since", text(state.trouble().map(SourceState.Trouble::since)));
        view.put("commit", state.seen().map(SourceState.Seen::commit).orElse(null));
        view.put("author", state.seen().map(SourceState.Seen::author).orElse(null));
        view.put("seen_at", text(state.seen().map(SourceState.Seen::at)));
        view.put("applied_commit", state.applied().map(SourceState.Applied::commit).orElse(null));
        view.put("applied_by", state.applied().map(SourceState.Applied::by).orElse(null));
        view.put("applied_at", text(state.applied().map(SourceState.Applied::at)));
        return view;
    }

    private static String text(Optional<Instant> at) {
        return at.map(Instant::toString).orElse(null);
    }
}
