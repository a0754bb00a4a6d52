package cambium.server.pages;

import cambium.server.http.Call;
import cambium.server.http.Method;
import cambium.server.http.Route;
import cambium.server.pages.ApiActs.ApiAct;
import java.util.List;
import java.util.stream.Stream;

/// The forms that take a package away, hide it, or move it to another repository.
final class PackageActRoutes {
    private static final String API = "/api/v1/repos/{owner}/{repo}/{distro}/{version}/{filename}";
    private static final String CARE =
            "/api/repositories/{owner}/{repo}/packages/{distro}/{version}/{filename}";
    private static final String WHY = "why";
    private static final int LONGEST_WHY = 1000;
    private static final String PATH = "/{owner}/{repo}/packages/{distro}/{version}/{filename}";
    private static final String DESTINATION = "destination";
    private static final String ASKED_LATER = "Whoever looks at it next will ask.";
    private static final int LONGEST_NAME = 201;

    private final ApiAct yank;
    private final ApiAct quarantine;
    private final ApiAct promote;
    private final RepositoryFrame frame;
    private final FormRoutes forms;

    PackageActRoutes(ApiActs api, RepositoryFrame frame, FormRoutes forms) {
        this.yank = api.act(Method.POST, CARE + "/yank");
        this.quarantine = api.act(Method.POST, CARE + "/quarantine");
        this.promote = api.act(Method.POST, API + "/promote[.json]");
        this.frame = frame;
        this.forms = forms;
    }

    List<Route> routes() {
        return Stream.of(
                forms.routes(PATH + "/yank", yank, this::yanking, (call, _) -> repository(call)),
                forms.routes(PATH + "/quarantine", quarantine, this::quarantining, (call, _) ->
                        repository(call) + "/withdrawn"),
                forms.routes(PATH + "/promote", promote, this::promoting, (call, done) ->
                        local(done.body().path("package_html_url").asText(), repository(call))))
                .flatMap(List::stream).toList();
    }

    /// The buttons of a package's page, for whoever may press them.
    List<Parts.Act> acts(Call call, String href) {
        return Stream.of(
                        promote.isFor(call) ? Stream.of(new Parts.Act(href + "/promote", "Promote", false))
                                : Stream.<Parts.Act>of(),
                        quarantine.isFor(call) ? Stream.of(new Parts.Act(href + "/quarantine", "Quarantine", false))
                                : Stream.<Parts.Act>of(),
                        yank.isFor(call) ? Stream.of(new Parts.Act(href + "/yank", "Yank", true))
                                : Stream.<Parts.Act>of())
                .flatMap(acts -> acts).toList();
    }

    private static String local(String href, String otherwise) {
        return href.matches("/[^/].*") ? href : otherwise;
    }

    private static String repository(Call call) {
        return "/" + call.param("owner") + "/" + call.param("repo");
    }

    private static String file(Call call) {
        return repository(call) + "/packages/" + call.param("distro") + "/" + call.param("version") + "/"
                + RepositoryViews.encoded(call.param("filename")).replace("+", "%20");
    }

    private PlainForm yanking(Call call) {
        frame.found(call);
        return PlainForm.of(frame.shell(call, "Yank a package"), "Yank " + Words.visible(call.param("filename")) + "?",
                        "It leaves every index, and every ring, at once. Its name stays taken, so that no other bytes "
                                + "ever come under it; pushed again with the same bytes, it comes back.",
                        file(call) + "/yank", "Yank it", file(call))
                .area(WHY, "Why", call.parameters().first(WHY).orElse(""), ASKED_LATER, LONGEST_WHY)
                .asDanger();
    }

    private PlainForm quarantining(Call call) {
        frame.found(call);
        return PlainForm.of(frame.shell(call, "Quarantine a package"),
                        "Put " + Words.visible(call.param("filename")) + " in quarantine?", "From that moment it is "
                                + "nowhere to be had: in no index, in no ring, by no address. Its bytes are kept, and "
                                + "it can be released again as it was.", file(call) + "/quarantine", "Quarantine",
                        file(call))
                .area(WHY, "Why", call.parameters().first(WHY).orElse(""), ASKED_LATER, LONGEST_WHY);
    }

    private PlainForm promoting(Call call) {
        frame.found(call);
        return PlainForm.of(frame.shell(call, "Promote a package"),
                        "Promote " + Words.visible(call.param("filename")), "It moves to another repository, for the "
                                + "same distribution, and is gone from this one. Its downloads are counted anew there.",
                        file(call) + "/promote", "Promote", file(call))
                .text(DESTINATION, "To", call.parameters().first(DESTINATION).orElse(""),
                        "Owner and name of the repository, such as acme/stable.", LONGEST_NAME);
    }
}
