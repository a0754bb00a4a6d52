package cambium.server.fleet.webhook;

import cambium.server.http.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// GitHub's REST API of 2022-11-28 as far as it is documented for dispatching a workflow and for its runs: the answer
/// to a dispatch names no run, which shows in the list a little later, titled by the workflow's `run-name`.
final class PlayedGitHub extends StrictServer {
    static final String TOKEN = "github_pat_0123456789";
    private static final String ACTIONS = " /repos/example/storefront/actions";
    private static final String WORKFLOW = ACTIONS + "/workflows/step.yml";
    private static final Set<String> INPUTS = Set.of("attempt", "epoch", "step", "kind", "cell", "version", "previous",
            "packages");
    private int listed;

    PlayedGitHub() throws IOException {}

    @Override
    void answer(Asked asked) throws IOException {
        if (!asked.header("Authorization").equals("Bearer " + TOKEN)) {
            asked.send(401, Map.of("message", "Bad credentials"));
        } else if (asked.header("User-agent").isEmpty()
                || !asked.header("X-github-api-version").equals("2022-11-28")
                || !asked.header("Accept").equals("application/vnd.github+json")) {
            asked.send(403, Map.of("message", "Request forbidden by administrative rules."));
        } else if (asked.what.equals("POST" + WORKFLOW + "/dispatches")) {
            dispatch(asked);
        } else if (asked.what.equals("GET" + WORKFLOW + "/runs") && asked.query.equals(
                Map.of("event", "workflow_dispatch", "per_page", "100"))) {
            var shown = listed++ == 0 ? List.of() : runs.values().stream().toList();
            asked.send(200, Map.of("total_count", shown.size(), "workflow_runs", shown));
        } else {
            one(asked);
        }
    }

    private void dispatch(Asked asked) throws IOException {
        var body = Json.read(asked.body.getBytes(StandardCharsets.UTF_8));
        var inputs = new HashMap<String, String>();
        body.path("inputs").properties().forEach(each -> inputs.put(each.getKey(), each.getValue().textValue()));
        if (!body.path("ref").asText().equals("main") || !INPUTS.equals(inputs.keySet()) || inputs.containsValue(null)
                || !Set.of("ref", "inputs").containsAll(body.properties().stream().map(Map.Entry::getKey).toList())) {
            asked.send(422, Map.of("message", "Unexpected inputs provided"));
            return;
        }
        var run = begin(30_433_642L + runs.size(), inputs);
        run.put("name", "step");
        run.put("display_title", "cambium " + inputs.get("attempt"));
        run.put("event", "workflow_dispatch");
        run.put("status", "queued");
        run.put("conclusion", null);
        run.put("html_url", "https://github.com/example/storefront/actions/runs/" + run.get("id"));
        if (loseTheNextAnswer) {
            loseTheNextAnswer = false;
            return;
        }
        asked.sendNothing(204);
    }

    private void one(Asked asked) throws IOException {
        var words = asked.what.split("/");
        var run = asked.what.matches("(GET|POST)" + ACTIONS + "/runs/[0-9]+(/cancel)?")
                ? runs.get(Long.parseLong(words[6])) : null;
        var cancels = words.length == 8;
        if (run == null || cancels != asked.what.startsWith("POST")) {
            asked.sendUnknown();
        } else if (!cancels) {
            asked.send(200, run);
        } else if (run.get("status").equals("completed")) {
            asked.send(409, Map.of("message", "Cannot cancel a workflow run that is completed."));
        } else {
            run.put("status", "completed");
            run.put("conclusion", "cancelled");
            asked.send(202, Map.of());
        }
    }
}
