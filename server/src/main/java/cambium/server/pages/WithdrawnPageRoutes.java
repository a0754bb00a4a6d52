package cambium.server.pages;

import cambium.server.config.Role;
import cambium.server.http.Answer;
import cambium.server.http.Call;
import cambium.server.http.Method;
import cambium.server.http.Route;
import cambium.server.pages.ApiActs.ApiAct;
import cambium.server.pages.RepositoryReads.RepositoryLine;
import cambium.server.pages.WithdrawnPage.Row;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The page of what was yanked or is in quarantine, and the form that lets a package out of quarantine.
final class WithdrawnPageRoutes {
    static final String API = "/api/repositories/{owner}/{repo}/withdrawn";
    private static final String ONE = "/{distro}/{version}/{filename}/release";
    private static final String PATH = "/{owner}/{repo}/withdrawn";

    private final ApiAct list;
    private final ApiAct release;
    private final RepositoryFrame frame;
    private final FormRoutes forms;
    private final Renderer renderer;
    private final InstantSource clock;

    WithdrawnPageRoutes(ApiActs api, RepositoryFrame frame, FormRoutes forms, Renderer renderer, InstantSource clock) {
        this.list = api.act(Method.GET, API);
        this.release = api.act(Method.POST, "/api/repositories/{owner}/{repo}/packages" + ONE);
        this.frame = frame;
        this.forms = forms;
        this.renderer = renderer;
        this.clock = clock;
    }

    List<Route> routes() {
        return Stream.of(
                List.of(new Route(Method.GET, PATH, Role.WEB, list.permission(), this::show)),
                forms.routes(PATH + ONE, release, this::releasing, (call, _) -> path(call)))
                .flatMap(List::stream).toList();
    }

    private Answer show(Call call) throws Exception {
        RepositoryLine line = frame.found(call);
        var rows = new ArrayList<Row>();
        for (JsonNode withdrawn : list.read(call).path("withdrawn")) {
            rows.add(row(line, withdrawn));
        }
        rows.sort(Comparator.comparing((Row row) -> row.since().iso()).reversed());
        long quarantined = rows.stream().filter(row -> row.release().isPresent()).count();
        String said = rows.isEmpty() ? "Nothing was withdrawn. A package is yanked, or put in quarantine, on its own "
                + "page." : Words.count(quarantined, "package") + " in quarantine, kept and nowhere to be had until "
                + "released; " + Words.count(rows.size() - quarantined, "package") + " yanked: pushed again with the "
                + "same bytes, such a one comes back.";
        return renderer.html(200, "withdrawn", new WithdrawnPage(
                frame.shell(call, "Withdrawn from " + line.fullName()), frame.head(call, line, "Withdrawn"), said,
                rows));
    }

    private Row row(RepositoryLine line, JsonNode withdrawn) {
        String distribution = withdrawn.path("distribution").asText();
        String filename = withdrawn.path("filename").asText();
        boolean quarantined = withdrawn.path("state").asText().equals("quarantined");
        return new Row(Words.visible(filename), distribution,
                quarantined ? new Parts.Badge("quarantined", "brake", "held") : new Parts.Badge("yanked", "waiting",
                        "quiet"),
                Parts.Moment.of(Instant.parse(withdrawn.path("since").asText()), clock.instant()),
                Words.visible(withdrawn.path("by").asText()), Words.visible(withdrawn.path("why").asText()),
                quarantined ? Optional.of(line.path() + "/withdrawn/" + distribution + "/"
                        + RepositoryViews.encoded(filename).replace("+", "%20") + "/release") : Optional.empty());
    }

    private static String path(Call call) {
        return "/" + call.param("owner") + "/" + call.param("repo") + "/withdrawn";
    }

    private PlainForm releasing(Call call) {
        RepositoryLine line = frame.found(call);
        String one = "/" + call.param("distro") + "/" + call.param("version") + "/"
                + RepositoryViews.encoded(call.param("filename")).replace("+", "%20") + "/release";
        return PlainForm.of(frame.shell(call, "Release a package"),
                "Release " + Words.visible(call.param("filename")) + "?", "It is offered again, with the same bytes, "
                        + "wherever it was before: in this repository's indexes and in the rings that had it.",
                path(call) + one, "Release", line.path() + "/withdrawn");
    }
}
