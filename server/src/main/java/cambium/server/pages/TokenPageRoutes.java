package cambium.server.pages;

import cambium.server.config.Role;
import cambium.server.http.Answer;
import cambium.server.http.Call;
import cambium.server.http.Method;
import cambium.server.http.Refused;
import cambium.server.http.Route;
import cambium.server.pages.ApiActs.ApiAct;
import cambium.server.pages.RepositoryReads.RepositoryLine;
import cambium.server.pages.TokenPage.Master;
import cambium.server.pages.TokenPage.Read;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The page of a repository's tokens and the forms that make, replace and revoke them.
final class TokenPageRoutes {
    private static final String API = "/api/v1/repos/{owner}/{repo}/master_tokens";
    private static final String PATH = "/{owner}/{repo}/tokens";
    private static final String MASTER_NAME = "master_token[name]";
    private static final String READ_NAME = "read_token[name]";
    private static final String DEFAULT = "default";
    private static final int LONGEST_NAME = 255;

    private final ApiAct list;
    private final ApiAct createMaster;
    private final ApiAct deleteMaster;
    private final ApiAct createRead;
    private final ApiAct deleteRead;
    private final RepositoryFrame frame;
    private final FormRoutes forms;
    private final Renderer renderer;

    TokenPageRoutes(ApiActs api, RepositoryFrame frame, FormRoutes forms, Renderer renderer) {
        this.list = api.act(Method.GET, API + "[.json]");
        this.createMaster = api.act(Method.POST, API + "[.json]");
        this.deleteMaster = api.act(Method.DELETE, API + "/{master}[.json]");
        this.createRead = api.act(Method.POST, API + "/{master}/read_tokens[.json]");
        this.deleteRead = api.act(Method.DELETE, API + "/{master}/read_tokens/{read}[.json]");
        this.frame = frame;
        this.forms = forms;
        this.renderer = renderer;
    }

    List<Route> routes() {
        String master = PATH + "/{master}";
        String read = master + "/read/{read}";
        return Stream.of(
                List.of(new Route(Method.GET, PATH, Role.WEB, list.permission(), this::show)),
                forms.routes(PATH + "/new", createMaster, this::newMaster, (call, _) -> tokens(call)),
                forms.routes(master + "/new", createRead, this::newRead, (call, _) -> tokens(call)),
                forms.routes(master + "/revoke", deleteMaster, this::revokeMaster, (call, _) -> tokens(call)),
                forms.routes(read + "/revoke", deleteRead, this::revokeRead, (call, _) -> tokens(call)))
                .flatMap(List::stream).toList();
    }

    private Answer show(Call call) throws Exception {
        RepositoryLine line = frame.found(call);
        var masters = new ArrayList<Master>();
        for (JsonNode master : list.read(call)) {
            masters.add(master(line, master));
        }
        return renderer.html(200, "tokens", new TokenPage(frame.shell(call, "Tokens of " + line.fullName()),
                frame.head(call, line, "Tokens"), line.path() + "/tokens/new", masters));
    }

    private static Master master(RepositoryLine line, JsonNode master) {
        String self = master.path("paths").path("self").asText();
        String place = line.path() + "/tokens/" + self.substring(self.lastIndexOf('/') + 1);
        var reads = new ArrayList<Read>();
        for (JsonNode read : master.path("read_tokens")) {
            String one = place + "/read/" + read.path("id").asLong();
            reads.add(new Read(Words.visible(read.path("name").asText()), read.path("value").asText(),
                    one + "/revoke"));
        }
        String name = master.path("name").asText();
        return new Master(Words.visible(name), master.path("value").asText(), name.equals(DEFAULT), place + "/revoke",
                place + "/new", reads);
    }

    private static String tokens(Call call) {
        return "/" + call.param("owner") + "/" + call.param("repo") + "/tokens";
    }

    private static String id(Call call, String name) {
        String id = call.param(name);
        if (!id.matches("[0-9]{1,18}")) {
            throw new Refused(404, "unknown_token", "there is no such token");
        }
        return id;
    }

    private PlainForm newMaster(Call call) {
        RepositoryLine line = frame.found(call);
        return PlainForm.of(frame.shell(call, "New master token"), "New master token",
                        "With it a machine is set up: it fetches the install script and makes read tokens. It reads no "
                                + "package.", tokens(call) + "/new", "Create", line.path() + "/tokens")
                .text(MASTER_NAME, "Name", call.parameters().first(MASTER_NAME).orElse(""),
                        "Who or what it is for, such as one customer.", LONGEST_NAME);
    }

    private PlainForm newRead(Call call) {
        RepositoryLine line = frame.found(call);
        return PlainForm.of(frame.shell(call, "New read token"), "New read token",
                        "With it a package manager reads " + line.fullName() + ". It ends when its master token is "
                                + "revoked.", tokens(call) + "/" + id(call, "master") + "/new", "Create",
                        line.path() + "/tokens")
                .text(READ_NAME, "Name", call.parameters().first(READ_NAME).orElse(""),
                        "The machine that reads. The same name gives the same token again.", LONGEST_NAME);
    }

    private PlainForm revokeMaster(Call call) {
        RepositoryLine line = frame.found(call);
        return PlainForm.of(frame.shell(call, "Revoke a master token"), "Revoke this master token?",
                        "Its read tokens end with it, at once, and every machine that reads with one of them is shut "
                                + "out. The token named default gets another value.",
                        tokens(call) + "/" + id(call, "master") + "/revoke", "Revoke", line.path() + "/tokens")
                .asDanger();
    }

    private PlainForm revokeRead(Call call) {
        RepositoryLine line = frame.found(call);
        return PlainForm.of(frame.shell(call, "Revoke a read token"), "Revoke this read token?",
                        "The machine that reads with it is shut out at once. Made anew under the same name, it has "
                                + "another value.",
                        tokens(call) + "/" + id(call, "master") + "/read/" + id(call, "read") + "/revoke", "Revoke",
                        line.path() + "/tokens")
                .asDanger();
    }
}
