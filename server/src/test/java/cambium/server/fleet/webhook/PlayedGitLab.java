package cambium.server.fleet.webhook;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// GitLab's REST API v4 as far as it is documented for trigger tokens and pipelines: a start needs a trigger token and
/// a ref that exists, everything else a personal or project token in PRIVATE-TOKEN.
final class PlayedGitLab extends StrictServer {
    static final String TRIGGER = "glptt-0123456789";
    static final String TOKEN = "glpat-9876543210";
    private static final String PROJECT = " /api/v4/projects/42";
    private static final Set<String> FILTERS = Set.of("source", "order_by", "sort", "per_page");

    PlayedGitLab() throws IOException {}

    @Override
    void answer(Asked asked) throws IOException {
        if (asked.what.equals("POST" + PROJECT + "/trigger/pipeline")) {
            trigger(asked);
        } else if (!asked.header("Private-token").equals(TOKEN)) {
            asked.send(401, Map.of("message", "401 Unauthorized"));
        } else if (asked.what.equals("GET" + PROJECT + "/pipelines") && FILTERS.containsAll(asked.query.keySet())) {
            asked.send(200, runs.values().stream().toList());
        } else {
            one(asked);
        }
    }

    private void trigger(Asked asked) throws IOException {
        if (!asked.header("Content-type").equals("application/x-www-form-urlencoded")) {
            asked.send(400, Map.of("error", "token is missing, ref is missing"));
            return;
        }
        var form = fields(asked.body);
        if (!TRIGGER.equals(form.get("token"))) {
            asked.send(404, Map.of("message", "404 Not Found"));
            return;
        }
        if (!"main".equals(form.get("ref"))) {
            asked.send(400, Map.of("message", Map.of("base", "Reference not found")));
            return;
        }
        var given = form.entrySet().stream().filter(each -> each.getKey().startsWith("variables["))
                .collect(Collectors.toMap(each -> each.getKey().replaceAll("variables\\[(.*)]", "$1"),
                        Map.Entry::getValue));
        var id = 1000L + runs.size();
        var run = begin(id, given);
        run.put("iid", runs.size());
        run.put("project_id", 42);
        run.put("status", "created");
        run.put("ref", "main");
        run.put("source", "trigger");
        run.put("name", "cambium " + given.get("CAMBIUM_ATTEMPT"));
        run.put("web_url", "https://gitlab.example.com/acme/storefront/-/pipelines/" + id);
        if (loseTheNextAnswer) {
            loseTheNextAnswer = false;
            return;
        }
        asked.send(201, run);
    }

    private void one(Asked asked) throws IOException {
        var words = asked.what.split("/");
        var run = asked.what.matches("(GET|POST)" + PROJECT + "/pipelines/[0-9]+(/cancel)?")
                ? runs.get(Long.parseLong(words[6])) : null;
        var cancels = words.length == 8;
        if (run == null || cancels != asked.what.startsWith("POST")) {
            asked.sendUnknown();
            return;
        }
        if (cancels && Set.of("created", "pending", "running").contains(run.get("status"))) {
            run.put("status", "canceled");
        }
        asked.send(cancels ? 201 : 200, run);
    }
}
