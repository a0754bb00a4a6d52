package cambium.server.repository.token;

import cambium.server.access.Permission;
import cambium.server.config.Role;
import cambium.server.http.Answer;
import cambium.server.http.Call;
import cambium.server.http.Method;
import cambium.server.http.Route;
import cambium.server.repository.Paging;
import cambium.server.repository.RepositoryAccess;
import cambium.server.repository.StoredRepository;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/// Master and read tokens to packagecloud's API. Tokens are named in paths by id or by value.
public final class TokenRoutes {
    private static final String PREFIX = "/api/v1/repos/{owner}/{repo}/master_tokens";
    private static final String ONE = PREFIX + "/{master}";
    private static final String READS = ONE + "/read_tokens";
    private static final int MAX_NAME_CHARACTERS = 255;

    private final RepositoryAccess access;
    private final RepositoryTokens tokens;

    public TokenRoutes(RepositoryAccess access, RepositoryTokens tokens) {
        this.access = access;
        this.tokens = tokens;
    }

    public List<Route> routes() {
        return List.of(
            route(Method.GET, PREFIX + "[.json]", call -> in(call, repository -> list(repository))),
            route(Method.POST, PREFIX + "[.json]", call -> in(call, repository -> create(call, repository))),
            route(Method.GET, PREFIX + "/search[.json]", call -> in(call, repository -> search(call, repository))),
            route(Method.GET, ONE + "[.json]", call -> under(call, (repository, master) -> show(repository, master))),
            route(Method.DELETE, ONE + "[.json]", call -> in(call, repository -> delete(call, repository))),
            route(Method.GET, READS + "[.json]", call -> under(call, (_, master) -> Answer.json(200,
                Map.of("read_tokens", readTokens(master))))),
            route(Method.POST, READS + "[.json]", call -> under(call, (_, master) -> createRead(call, master))),
            route(Method.GET, READS + "/{read}[.json]", call -> under(call, (_, master) -> showRead(call, master))),
            route(Method.DELETE, READS + "/{read}[.json]",
                call -> under(call, (_, master) -> deleteRead(call, master))));
    }

    /// Values are shown, so even reading needs the right to manage.
    private static Route route(Method method, String path, Function<Call, Answer> handler) {
        return new Route(method, path, Role.WEB, Permission.MANAGE_REPOSITORY, handler::apply);
    }

    private Answer in(Call call, Function<StoredRepository, Answer> then) {
        return access.readable(call).map(then).orElseGet(RepositoryAccess::unknown);
    }

    private Answer under(Call call, BiFunction<StoredRepository, StoredToken, Answer> then) {
        return in(call, repository -> tokens.master(repository.id(), call.param("master"))
            .map(master -> then.apply(repository, master)).orElseGet(TokenRoutes::unknown));
    }

    private Answer list(StoredRepository repository) {
        return Answer.json(200, tokens.masters(repository.id()).stream().map(master -> full(repository, master))
            .toList());
    }

    private Answer create(Call call, StoredRepository repository) {
        Optional<String> name = name(call, "master_token[name]");
        if (name.isEmpty()) {
            return refused("can't be blank or longer than " + MAX_NAME_CHARACTERS + " characters", "name_invalid");
        }
        return tokens.createMaster(repository.id(), name.get())
            .map(master -> (Answer) Answer.json(201, full(repository, master)))
            .orElseGet(() -> refused("has already been taken", "name_taken"));
    }

    private Answer search(Call call, StoredRepository repository) {
        String wanted = call.query("q").orElse("").toLowerCase(Locale.ROOT);
        Paging paging = Paging.of(call);
        List<Map<String, Object>> all = tokens.masters(repository.id()).stream()
            .filter(master -> master.name().toLowerCase(Locale.ROOT).contains(wanted))
            .map(master -> {
                Map<String, Object> json = nameAndValue(master);
                json.put("self_url", path(repository, master));
                json.put("read_tokens_url", path(repository, master) + "/read_tokens.json");
                return json;
            }).toList();
        return paging.answer(call, all.stream().skip(paging.offset()).limit(paging.perPage()).toList(), all.size());
    }

    /// packagecloud answers with a list of one.
    private static Answer show(StoredRepository repository, StoredToken master) {
        var json = new LinkedHashMap<String, Object>();
        json.put("value", master.value());
        json.put("name", master.name());
        json.put("read_tokens_url", path(repository, master) + "/read_tokens.json");
        return Answer.json(200, List.of(json));
    }

    private Answer delete(Call call, StoredRepository repository) {
        return tokens.deleteMaster(repository.id(), call.param("master")) ? Answer.empty(204) : unknown();
    }

    /// Asked again for the same name, the same token.
    private Answer createRead(Call call, StoredToken master) {
        Optional<String> name = name(call, "read_token[name]");
        if (name.isEmpty()) {
            return refused("can't be blank or longer than " + MAX_NAME_CHARACTERS + " characters", "name_invalid");
        }
        return tokens.readNamed(master.id(), name.get()).map(read -> (Answer) Answer.json(201, withId(read)))
            .orElseGet(TokenRoutes::unknown);
    }

    private Answer showRead(Call call, StoredToken master) {
        return tokens.read(master.id(), call.param("read")).map(read -> (Answer) Answer.json(200, withId(read)))
            .orElseGet(TokenRoutes::unknown);
    }

    private Answer deleteRead(Call call, StoredToken master) {
        return tokens.deleteRead(master.id(), call.param("read")) ? Answer.empty(204) : unknown();
    }

    private Map<String, Object> full(StoredRepository repository, StoredToken master) {
        Map<String, Object> json = nameAndValue(master);
        json.put("read_tokens", readTokens(master));
        json.put("paths", Map.of("self", path(repository, master)));
        return json;
    }

    private List<Map<String, Object>> readTokens(StoredToken master) {
        return tokens.reads(master.id()).stream().map(TokenRoutes::withId).toList();
    }

    private static Map<String, Object> withId(StoredToken read) {
        var json = new LinkedHashMap<String, Object>();
        json.put("id", read.id());
        json.putAll(nameAndValue(read));
        return json;
    }

    private static Map<String, Object> nameAndValue(StoredToken token) {
        var json = new LinkedHashMap<String, Object>();
        json.put("name", token.name());
        json.put("value", token.value());
        return json;
    }

    private static String path(StoredRepository repository, StoredToken master) {
        return "/api/v1/repos/" + repository.name() + "/master_tokens/" + master.id();
    }

    static Optional<String> name(Call call, String parameter) {
        return call.parameters().first(parameter).map(String::strip).filter(TokenRoutes::isName);
    }

    public static boolean isName(String name) {
        return !name.isEmpty() && name.length() <= MAX_NAME_CHARACTERS && name.chars().noneMatch(c -> c < ' ');
    }

    /// The official client joins every value, so each is an array.
    private static Answer refused(String message, String code) {
        return Answer.json(422, Map.of("name", List.of(message))).with("X-Cambium-Code", code);
    }

    private static Answer unknown() {
        return Answer.json(404, Map.of("error", "not_found")).with("X-Cambium-Code", "unknown_token");
    }
}
