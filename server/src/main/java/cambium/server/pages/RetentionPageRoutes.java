package cambium.server.pages;

import cambium.server.http.Call;
import cambium.server.http.Route;
import cambium.server.pages.RepositoryReads.RepositoryLine;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The part of a repository's settings that says what it keeps, and the forms that change it.
final class RetentionPageRoutes {
    private static final String VERSIONS = "keep_versions";
    private static final String DAYS = "keep_days";
    private static final int MOST_NAMED = 20;
    private static final int LONGEST = 6;

    private final RuleForms rule;
    private final RepositoryFrame frame;

    RetentionPageRoutes(ApiActs api, RepositoryFrame frame, FormRoutes forms) {
        this.rule = RuleForms.of("retention", api, forms);
        this.frame = frame;
    }

    List<Route> routes() {
        return rule.routes(this::setting, this::ending);
    }

    /// What the settings say of it; nothing for whoever may not read it.
    Optional<SettingsPage.Retention> retention(Call call, RepositoryLine line) throws Exception {
        return rule.said(call).map(said -> retention(said, line.path() + "/retention"));
    }

    private static SettingsPage.Retention retention(JsonNode rule, String change) {
        if (!rule.has(VERSIONS)) {
            return new SettingsPage.Retention("Everything is kept.", "", List.of(), change, Optional.empty());
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
        return new SettingsPage.Retention(words(rule), said, named, change, Optional.of(change + "/end"));
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
