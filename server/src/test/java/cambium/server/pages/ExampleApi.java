package cambium.server.pages;

import cambium.server.access.Actor;
import cambium.server.access.Permission;
import cambium.server.config.Role;
import cambium.server.http.Answer;
import cambium.server.http.Call;
import cambium.server.http.Handler;
import cambium.server.http.Method;
import cambium.server.http.Refused;
import cambium.server.http.Route;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The routes of the repositories' API that pages act by, with answers that are always the same. What was asked for is
/// kept in `asked`.
final class ExampleApi implements RepositoryNews {
    private static final String ONE = "/api/v1/repos/{owner}/{repo}";
    private static final String CARE = "/api/repositories/{owner}/{repo}";
    private static final String CARE_OF_ONE = CARE + "/packages/{distro}/{version}/{filename}";
    private static final String KEYS = "/api/repositories/{owner}/{repo}/keys";
    String settings = "{'contents':false,'translations':false,'valid_for_seconds':0}";
    final List<String> asked = new ArrayList<>();

    List<Route> routes() {
        return List.of(
                route(Method.POST, "/api/v1/repos[.json]", Permission.MANAGE_REPOSITORY, this::create),
                route(Method.GET, "/api/v1/distributions[.json]", Permission.READ_REPOSITORY,
                        _ -> json("{'deb':[{'display_name':'Debian','index_name':'debian','versions':[{'id':215,"
                                + "'display_name':'12 bookworm','index_name':'bookworm'}]}],'rpm':[{'display_name':"
                                + "'Enterprise Linux','index_name':'el','versions':[{'id':240,'display_name':'9',"
                                + "'index_name':'9'}]}],'anyfile':[{'display_name':'Any file','index_name':'anyfile',"
                                + "'versions':[{'id':230,'display_name':'1','index_name':'1'}]}]}")),
                route(Method.POST, ONE + "/packages[.json]", Permission.PUSH, _ -> Answer.json(422,
                        Map.of("filename", List.of("has already been taken")))
                        .with("X-Cambium-Reason", "this file name holds other bytes")),
                route(Method.GET, ONE + "/master_tokens[.json]", Permission.MANAGE_REPOSITORY,
                        _ -> json("[{'name':'default','value':'m1','paths':{'self':'/api/v1/repos/acme/storefront/"
                                + "master_tokens/7'},'read_tokens':[{'id':9,'name':'host-1','value':'r1'}]}]")),
                route(Method.POST, ONE + "/master_tokens[.json]", Permission.MANAGE_REPOSITORY, this::done),
                route(Method.DELETE, ONE + "/master_tokens/{master}[.json]", Permission.MANAGE_REPOSITORY, this::done),
                route(Method.POST, ONE + "/master_tokens/{master}/read_tokens[.json]", Permission.MANAGE_REPOSITORY,
                        this::done),
                route(Method.DELETE, ONE + "/master_tokens/{master}/read_tokens/{read}[.json]",
                        Permission.MANAGE_REPOSITORY, this::done),
                route(Method.DELETE, ONE + "/{distro}/{version}/{filename}", Permission.PUSH, this::done),
                route(Method.POST, ONE + "/{distro}/{version}/{filename}/promote[.json]", Permission.PUSH,
                        this::done),
                route(Method.GET, ONE + "/apt[.json]", Permission.MANAGE_REPOSITORY, _ -> json(settings)),
                route(Method.PUT, ONE + "/apt[.json]", Permission.MANAGE_REPOSITORY, this::done),
                route(Method.GET, CARE + "/withdrawn", Permission.MANAGE_REPOSITORY, _ -> json("{'withdrawn':["
                        + "{'state':'yanked','distribution':'el/9','filename':'old-1-1.noarch.rpm','since':"
                        + "'2026-11-01T00:00:00Z','by':'anna','why':''},{'state':'quarantined','distribution':"
                        + "'debian/bookworm','filename':'storefront_1.1.0+x_amd64.deb','since':'2026-11-02T00:00:00Z',"
                        + "'by':'vera','why':'<b>bad</b> dependency'}]}")),
                route(Method.POST, CARE_OF_ONE + "/yank", Permission.PUSH, this::done),
                route(Method.POST, CARE_OF_ONE + "/quarantine", Permission.MANAGE_REPOSITORY, this::done),
                route(Method.POST, CARE_OF_ONE + "/release", Permission.MANAGE_REPOSITORY, this::done),
                route(Method.GET, CARE + "/retention", Permission.MANAGE_REPOSITORY, _ -> json("{'keep_versions':3,"
                        + "'keep_days':30,'leaving':[{'distribution':'el/9','filename':'old-1-1.noarch.rpm'}]}")),
                route(Method.PUT, CARE + "/retention", Permission.MANAGE_REPOSITORY, this::done),
                route(Method.DELETE, CARE + "/retention", Permission.MANAGE_REPOSITORY, this::done),
                route(Method.GET, CARE + "/policy", Permission.MANAGE_REPOSITORY, _ -> json("{'signatures':'known',"
                        + "'digests':'strong','sources':false,'architectures':['amd64','arm64']}")),
                route(Method.PUT, CARE + "/policy", Permission.MANAGE_REPOSITORY, this::done),
                route(Method.DELETE, CARE + "/policy", Permission.MANAGE_REPOSITORY, this::done),
                route(Method.GET, ONE + "/gpg_keys[.json]", Permission.NONE, _ -> json("{'gpg_keys':[{'name':'k.pub.gpg"
                        + "','fingerprint':'FEED','keytype':'package'},{'name':'r','keytype':'repo'}]}")),
                route(Method.POST, ONE + "/gpg_keys[.json]", Permission.MANAGE_REPOSITORY, this::done),
                route(Method.DELETE, ONE + "/gpg_keys/{name}[.json]", Permission.MANAGE_REPOSITORY, this::done),
                route(Method.GET, KEYS, Permission.NONE, _ -> json("{'keys':[" + key("C0FFEE", "in_use", null) + ","
                        + key("0DDBA1", "leaving", "'2026-12-24T00:00:00Z'") + "]}")),
                route(Method.GET, "/api/fleet/webhooks", Permission.MANAGE_FLEET, _ -> json("{'webhooks':["
                        + "{'id':1,'url':'https://chat.example.org/<b>','kinds':[],'created_at':'2026-11-01T00:00:00Z',"
                        + "'created_by':'olga','failed_tries':0,'last_at':null,'last_result':null},"
                        + "{'id':2,'url':'https://ci.example.org/hook','kinds':['PageRaised','VersionBlocked'],"
                        + "'created_at':'2026-11-02T00:00:00Z','created_by':'vera','failed_tries':3,'last_at':"
                        + "'2026-11-21T11:00:00Z','last_result':'answered 503'},"
                        + "{'id':3,'url':'mailto:gone@example.org','kinds':['PageRaised'],'created_at':"
                        + "'2026-11-02T00:00:00Z','created_by':'vera','failed_tries':24,'stopped':true,'last_at':"
                        + "'2026-11-21T11:00:00Z','last_result':'550 no such person'}]}")),
                route(Method.POST, "/api/fleet/webhooks", Permission.MANAGE_FLEET, this::webhook),
                route(Method.POST, "/api/fleet/webhooks/{id}/test", Permission.MANAGE_FLEET, call -> json(
                        call.param("id").equals("1") ? "{'taken':true,'result':'answered 204'}"
                                : "{'taken':false,'result':'answered 503 <i>'}")),
                route(Method.DELETE, "/api/fleet/webhooks/{id}", Permission.MANAGE_FLEET, this::done),
                route(Method.POST, KEYS + "/rotate", Permission.MANAGE_REPOSITORY, this::done),
                route(Method.DELETE, KEYS + "/{key}", Permission.MANAGE_REPOSITORY, this::done));
    }

    private static String key(String start, String state, String until) {
        return "{'fingerprint':'" + start.repeat(7).substring(0, 40) + "','state':'" + state + "','origin':'made',"
                + "'created_at':'2026-11-01T00:00:00Z','signs_until':" + until + ",'findings':[],"
                + "'findings_in_a_year':[{'severity':'warning','message':'it ends in 11 months'}]}";
    }

    private static Route route(Method method, String path, Permission permission, Handler handler) {
        return new Route(method, path, Role.WEB, permission, handler);
    }

    private static Answer json(String text) {
        return Answer.bytes(200, "application/json", text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private Answer create(Call call) {
        String name = call.parameters().first("repository[name]").orElse("");
        asked.add("create " + name);
        return name.equals("acme/taken") ? Answer.json(422, Map.of("name", List.of("has already been taken")))
                : Answer.json(201, Map.of("url", "http://127.0.0.1/" + name));
    }

    private Answer webhook(Call call) {
        String url = call.parameters().first("url").orElse("");
        if (url.startsWith("http://10.")) {
            throw new Refused(422, "url_not_allowed", "10.0.0.1 is a private address", "url");
        }
        asked.add("webhook " + url + " " + call.parameters().first("kinds").orElse(""));
        return Answer.json(201, url.startsWith("mailto:") ? Map.of("id", 5)
                : Map.of("id", 4, "secret", "f00f".repeat(12)));
    }

    private Answer done(Call call) {
        asked.add(call.path() + " " + call.parameters().first("read_token[name]").orElse(""));
        return Answer.json(200, Map.of());
    }

    @Override
    public Optional<String> stamp(Actor actor, String owner, String name) {
        return Optional.of("1");
    }

    @Override
    public long heard() {
        return 0;
    }

    @Override
    public void await(long seen, Duration most) throws InterruptedException {
        Thread.sleep(most);
    }
}
