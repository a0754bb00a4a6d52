package cambium.server.pages;

import cambium.server.http.Call;
import cambium.server.http.Route;
import cambium.server.pages.RepositoryPages.Option;
import cambium.server.pages.RepositoryReads.RepositoryLine;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The part of a repository's settings that says what it asks of packages before it takes them in, and the forms that
/// change it.
final class PolicyPageRoutes {
    private static final String SIGNATURES = "signatures";
    private static final String DIGESTS = "digests";
    private static final String SOURCES = "sources";
    private static final String ARCHITECTURES = "architectures";
    private static final int LONGEST = 2_000;

    private final RuleForms rule;
    private final RepositoryFrame frame;

    PolicyPageRoutes(ApiActs api, RepositoryFrame frame, FormRoutes forms) {
        this.rule = RuleForms.of("policy", api, forms);
        this.frame = frame;
    }

    List<Route> routes() {
        return rule.routes(this::setting, this::ending);
    }

    /// What the settings say of it; nothing for whoever may not read it.
    Optional<SettingsPage.Policy> policy(Call call, RepositoryLine line) throws Exception {
        String change = line.path() + "/policy";
        return rule.said(call).map(PolicyPageRoutes::asked).map(asked -> new SettingsPage.Policy(asked, change,
                asked.isEmpty() ? Optional.empty() : Optional.of(change + "/end")));
    }

    private static List<String> asked(JsonNode policy) {
        var asked = new ArrayList<String>();
        switch (policy.path(SIGNATURES).asText()) {
            case "strong" -> asked.add("An rpm is signed, and not by SHA-1, MD5, DSA or a short RSA key.");
            case "known" -> asked.add("An rpm is signed by a package key of this repository, and not by SHA-1, MD5, "
                    + "DSA or a short RSA key.");
            default -> { }
        }
        if (policy.path(DIGESTS).asText().equals("strong")) {
            asked.add("An rpm has digests of SHA-256 or better for header and payload.");
        }
        if (!policy.path(SOURCES).asBoolean(true)) {
            asked.add("No source packages.");
        }
        if (!policy.path(ARCHITECTURES).isEmpty()) {
            asked.add("Packages for " + words(policy) + " only, and those for every architecture.");
        }
        return asked;
    }

    private static String words(JsonNode policy) {
        return String.join(", ", policy.path(ARCHITECTURES).valueStream().map(JsonNode::asText).toList());
    }

    /// What was typed, else what holds now. Who may not read it, as after a session has ended, sees what was typed.
    private PlainForm setting(Call call) throws Exception {
        RepositoryLine line = frame.found(call);
        JsonNode now = rule.said(call).orElseGet(JsonNodeFactory.instance::objectNode);
        return PlainForm.of(frame.shell(call, "What " + line.fullName() + " takes in"), "What is taken in",
                        "Asked of packages that are pushed, promoted or copied here from now on. What is here already "
                                + "stays.", line.path() + "/policy", "Ask so", line.path() + "/settings")
                .choice(SIGNATURES, "Signatures of rpms", "", options(call, SIGNATURES, now, Map.of(
                        "any", "none needed", "strong", "strong: no SHA-1, MD5, DSA or short RSA",
                        "known", "strong, and by a package key of this repository"), List.of("any", "strong", "known")))
                .choice(DIGESTS, "Digests of rpms", "", options(call, DIGESTS, now, Map.of("any", "any",
                        "strong", "SHA-256 or better"), List.of("any", "strong")))
                .choice(SOURCES, "Source packages", "", options(call, SOURCES, now, Map.of("true", "taken",
                        "false", "refused"), List.of("true", "false")))
                .optionalText(ARCHITECTURES, "Architectures", call.parameters().first(ARCHITECTURES)
                        .orElse(words(now)), "Those that are taken, such as amd64, arm64; empty for all.", LONGEST);
    }

    private static List<Option> options(Call call, String name, JsonNode now, Map<String, String> labels,
            List<String> values) {
        String chosen = call.parameters().first(name).orElse(now.path(name).asText());
        return values.stream().map(value -> new Option(value, labels.get(value), value.equals(chosen))).toList();
    }

    private PlainForm ending(Call call) {
        RepositoryLine line = frame.found(call);
        return PlainForm.of(frame.shell(call, "Take everything"), "Take every sound package from now on?",
                "Nothing is asked of packages any more. What was refused can be pushed again.",
                line.path() + "/policy/end", "Take everything", line.path() + "/settings");
    }
}
