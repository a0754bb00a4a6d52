package cambium.server.fleet;

import cambium.rollout.FleetCommand;
import cambium.rollout.FleetEvent;
import cambium.rollout.Scope;
import cambium.rollout.Why;
import cambium.server.http.Answer;
import cambium.server.http.Call;
import cambium.server.http.Refused;
import java.time.InstantSource;
import java.util.LinkedHashMap;

/// Gives a command and says what became of it: the events, and what the fleet now says of its subject, so that a
/// command that is accepted and then waits tells so at once. With `?dry-run=true` it says what would, and nothing is
/// recorded; it is refused as the command would be, also for want of a right.
final class CommandAnswers {
    private final CommandDesk desk;
    private final Planner planner;
    private final InstantSource time;

    CommandAnswers(CommandDesk desk, Planner planner, InstantSource time) {
        this.desk = desk;
        this.planner = planner;
        this.time = time;
    }

    Answer to(Call call, FleetCommand command, Scope subject) {
        return to(call, command, subject, 200);
    }

    /// @param made the status where it recorded anything
    Answer to(Call call, FleetCommand command, Scope subject, int made) {
        var dry = isDry(call);
        var done = dry ? desk.consider(command, call.actor()) : desk.run(command, call.actor());
        var plan = planner.plan(done.fleet(), time.instant());
        var why = Why.of(done.fleet(), plan, subject);
        var answer = new LinkedHashMap<String, Object>();
        answer.put("subject", subject.toString());
        if (subject instanceof Scope.OfVersion(var version)) {
            answer.put("version", version.toString());
            answer.put("rollout",
                    done.fleet().rolloutOf(version).<Object>map(rollout -> rollout.number()).orElse(null));
        }
        answer.put("dry_run", dry);
        answer.put("changed", !done.events().isEmpty());
        answer.put("recorded", done.events().stream().map(FleetEvent::getClass).map(Class::getSimpleName).toList());
        answer.put("revision", done.revision());
        answer.put("text", why.text());
        answer.put("waits", why.chain().stream().map(FleetView::waiting).toList());
        if (dry) {
            answer.put("plan", PlanView.of(plan));
        }
        return Answer.json(done.events().isEmpty() || dry ? 200 : made, answer);
    }

    /// A word that is neither is refused: who asked for a dry run in other words must not be taken in earnest.
    static boolean isDry(Call call) {
        return call.query("dry-run").map(word -> switch (word) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new Refused(422, "invalid_field", "'dry-run' is true or false", "dry-run");
        }).orElse(false);
    }
}
