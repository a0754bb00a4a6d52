package cambium.server.pages;

import cambium.server.http.Call;
import cambium.server.http.Method;
import cambium.server.http.Route;
import cambium.server.pages.ApiActs.ApiAct;
import cambium.server.pages.RepositoryReads.RepositoryLine;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The part of a repository's settings that says what it keeps, and the forms that change it.
final class RetentionPageRoutes {
    private static final String API = "/api/repositories/{owner}/{repo}/retention";
    private static final String PATH = "/{owner}/{repo}/retention";
    private static final String VERSIONS = "keep_versions";
    private static final String DAYS = "keep_days";
    private static final int MOST_NAMED = 20;
    private static final int LONGEST = 6;

    private final ApiAct read;
    private final ApiAct set;
    private final ApiAct end;
    private final RepositoryFrame frame;
    private final FormRoutes forms;

    RetentionPageRoutes(ApiActs api, RepositoryFrame frame, FormRoutes forms) {
        this.read = api.act(Method.GET, API);
        this.set = api.act(Method.PUT, API);
        this.end = api.act(Method.DELETE, API);
        this.frame = frame;
        this.forms = forms;
    }

    List<Route> routes() {
        return Stream.of(forms.routes(PATH, set, this::setting, (call, _) -> settings(call)),
                forms.routes(PATH + "/end", end, this::ending, (call, _) -> settings(call)))
                .flatMap(List::stream).toList();
    }

    private static String settings(Call call) {
        return "/" + call.param("owner") + "/" + call.param("repo") + "/settings";
    }

    /// What the settings say of it; nothing for whoever may not read it.
    Optional<SettingsPage.Retention> retention(Call call, RepositoryLine line) throws Exception {
        if (!read.isFor(call)) {
            return Optional.empty();
        }
        JsonNode rule = read.read(call);
        String change = line.path() + "/retention";
        if (!rule.has(VERSIONS)) {
            return Optional.of(new SettingsPage.Retention("Everything is kept.", "", List.of(), change,
                    Optional.empty()));
        }
        var leaving = new ArrayList<String>();
        rule.path("leaving").forEach(one -> leaving.add(one.path("distribution").asText() + " "
                + Words.visible(one.path("filename").asText())));
        String said = leaving.isEmpty() ? "Nothing is to go now." : Words.count(leaving.size(), "package")
                + (leaving.size() == 1 ? " goes" : " go") + " with the next look, within half an hour:";
        List<String> shown = leaving.subList(0, Math.min(MOST_NAMED, leaving.size()));
        var named = new ArrayList<>(shown);
        if (leaving.size() > MOST_NAMED) {
            named.add("and " + Words.number(leaving.size() - MOST_NAMED) + " more");
        }
        return Optional.of(new SettingsPage.Retention(words(rule), said, named, change, Optional.of(change + "/end")));
    }

    private static String words(JsonNode rule) {
        long days = rule.path(DAYS).asLong();
        return "Of each name, architecture and suite the newest " + Words.count(rule.path(VERSIONS).asLong(), "version")
                + (rule.path(VERSIONS).asLong() == 1 ? " stays" : " stay")
                + (days > 0 ? ", and whatever is younger than " + Words.count(days, "day") : "")
                + "; what a ring offers stays too.";
    }

    private PlainForm setting(Call call) {
        RepositoryLine line = frame.found(call);
        return PlainForm.of(frame.shell(call, "What " + line.fullName() + " keeps"), "What is kept",
                        "Older packages are yanked from time to time: they leave every index, and their names stay "
                                + "taken. What a ring offers is never yanked by this.", line.path() + "/retention",
                        "Keep so", line.path() + "/settings")
                .text(VERSIONS, "Newest versions", call.parameters().first(VERSIONS).orElse("10"),
                        "How many of each name, architecture and suite stay, at least 1.", LONGEST)
                .text(DAYS, "Days", call.parameters().first(DAYS).orElse("30"),
                        "Whatever is younger stays as well; 0 for none.", LONGEST);
    }

    private PlainForm ending(Call call) {
        RepositoryLine line = frame.found(call);
        return PlainForm.of(frame.shell(call, "Keep everything"), "Keep everything from now on?",
                "No package is yanked by age or number any more. What is gone stays gone.",
                line.path() + "/retention/end", "Keep everything", line.path() + "/settings");
    }
}
