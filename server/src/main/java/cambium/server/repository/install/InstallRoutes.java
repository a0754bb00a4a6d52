package cambium.server.repository.install;

import cambium.server.access.Permission;
import cambium.server.access.RepositoryToken;
import cambium.server.config.Role;
import cambium.server.http.Answer;
import cambium.server.http.Call;
import cambium.server.http.Handler;
import cambium.server.http.Method;
import cambium.server.http.Refused;
import cambium.server.http.Route;
import cambium.server.repository.FetchLog;
import cambium.server.repository.RepositoryAccess;
import cambium.server.repository.StoredRepository;
import cambium.server.repository.token.RepositoryTokens;
import cambium.server.repository.token.StoredToken;
import cambium.server.repository.token.TokenRoutes;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/// `/install/repositories/U/R/…`: scripts that add a repository to a machine, and the texts that these and
/// configuration programs ask for. Nothing here redirects. A private repository asks for a master token; what a machine
/// gets holds a read token of its own, made by its name.
public final class InstallRoutes {
    private static final String PREFIX = "/install/repositories/{owner}/{repo}/";
    private static final String DEB = "deb";
    private static final String RPM = "rpm";
    private static final String PLAIN = "text/plain; charset=utf-8";

    private final RepositoryAccess access;
    private final RepositoryTokens tokens;
    private final Function<StoredRepository, List<String>> packageKeys;
    private final SystemNames names;
    private final FetchLog fetches;
    private final String debScript = resource("script.deb.sh");
    private final String rpmScript = resource("script.rpm.sh");

    /// `packageKeys`: the names of the keys that packages of a repository were signed with. `catalog`: the
    /// distributions, in the form of the API.
    public InstallRoutes(RepositoryAccess access, RepositoryTokens tokens,
        Function<StoredRepository, List<String>> packageKeys, Supplier<JsonNode> catalog, FetchLog fetches) {
        this.access = access;
        this.tokens = tokens;
        this.packageKeys = packageKeys;
        this.names = new SystemNames(catalog);
        this.fetches = fetches;
    }

    public List<Route> routes() {
        return List.of(
            get("script.deb.sh", call -> script(call, debScript)),
            get("script.rpm.sh", call -> script(call, rpmScript)),
            get("config_file.list", this::aptList),
            get("config_file.repo", this::rpmRepo),
            get("apt_auth_conf", this::aptAuth),
            get("gpg_key_url.list", call -> text(call, DEB, ConfigFiles::keyUrl)),
            get("gpg_key_url.repo", call -> text(call, RPM, ConfigFiles::keyUrl)),
            get("rpm_base_url", this::rpmBase),
            new Route(Method.POST, PREFIX + "tokens.text", Role.WEB, Permission.NONE, this::token));
    }

    private static Route get(String file, Handler handler) {
        return new Route(Method.GET, PREFIX + file, Role.WEB, Permission.NONE, handler);
    }

    private Answer script(Call call, String template) {
        StoredRepository repository = access.installable(call);
        RepoAddress address = RepoAddress.of(call, repository.name());
        Optional<String> token = repository.isPrivate() ? Optional.of(master(call, repository).value())
            : Optional.empty();
        String script = template.replace("@INSTALL@", address.install(token)).replace("@FILE@", address.file())
            .replace("@NAME@", repository.name().toString());
        return answer(repository, "application/x-sh", script);
    }

    /// Credentials stand in the source line for whoever does not say that it asks for `apt_auth_conf`, since older
    /// programs do not.
    private Answer aptList(Call call) {
        StoredRepository repository = access.installable(call);
        SystemNames.System system = system(call, DEB);
        boolean elsewhere = call.query("auth").filter("conf"::equals).isPresent() || name(call).isEmpty();
        Optional<String> token = elsewhere ? Optional.empty() : readToken(call, repository);
        fetches.installed(call, repository, system.distribution(), system.version(), name(call).orElse(""));
        return answer(repository, "text/apt_source_list",
            ConfigFiles.aptList(RepoAddress.of(call, repository.name()), system, token));
    }

    private Answer rpmRepo(Call call) {
        StoredRepository repository = access.installable(call);
        SystemNames.System system = system(call, RPM);
        Optional<String> token = readToken(call, repository);
        fetches.installed(call, repository, system.distribution(), system.version(), name(call).orElse(""));
        return answer(repository, PLAIN, ConfigFiles.rpmRepo(RepoAddress.of(call, repository.name()), system, token,
            packageKeys.apply(repository)));
    }

    private Answer aptAuth(Call call) {
        return text(call, DEB, ConfigFiles::aptAuth);
    }

    private Answer rpmBase(Call call) {
        StoredRepository repository = access.installable(call);
        SystemNames.System system = system(call, RPM);
        return answer(repository, PLAIN, ConfigFiles.rpmBase(RepoAddress.of(call, repository.name()), system,
            readToken(call, repository)));
    }

    private interface Written {
        String of(RepoAddress address, Optional<String> token);
    }

    /// Some programs ask for these without naming their system; where they name one, it must be known.
    private Answer text(Call call, String type, Written written) {
        StoredRepository repository = access.installable(call);
        if (call.query("os").isPresent()) {
            system(call, type);
        }
        return answer(repository, PLAIN, written.of(RepoAddress.of(call, repository.name()),
            readToken(call, repository)));
    }

    /// The read token of a name, also of a public repository. Anonymous callers get none.
    private Answer token(Call call) {
        StoredRepository repository = access.installable(call);
        StoredToken read = readNamed(call, repository, call.parameters().first("name"));
        return Answer.text(201, read.value()).with("Cache-Control", "no-store");
    }

    private Optional<String> readToken(Call call, StoredRepository repository) {
        return repository.isPrivate() ? Optional.of(readNamed(call, repository, name(call)).value()) : Optional.empty();
    }

    private StoredToken readNamed(Call call, StoredRepository repository, Optional<String> name) {
        String given = name.map(String::strip).filter(TokenRoutes::isName).orElseThrow(() -> new Refused(422,
            "name_missing", "the name of the machine is needed: name=…", "name"));
        return tokens.readNamed(master(call, repository).id(), given).orElseThrow(() -> new Refused(401,
            "unauthenticated", "the master token was taken back"));
    }

    /// The master token that was shown, or the default one for whoever may manage the repository.
    private StoredToken master(Call call, StoredRepository repository) {
        Optional<RepositoryToken> shown = call.actor().repositoryToken()
            .filter(token -> token.kind() == RepositoryToken.Kind.MASTER && token.repositoryId() == repository.id());
        if (shown.isPresent()) {
            return tokens.master(repository.id(), Long.toString(shown.get().masterTokenId())).orElseThrow(() ->
                new Refused(401, "unauthenticated", "the master token was taken back"));
        }
        if (call.actor().isAnonymous()) {
            throw new Refused(401, "unauthenticated", "a master token is needed, as the user name");
        }
        if (!call.actor().may(Permission.READ_REPOSITORY)) {
            call.denied("master token of this repository");
            throw new Refused(403, "forbidden", "a master token of this repository is needed");
        }
        return tokens.defaultMaster(repository.id());
    }

    private SystemNames.System system(Call call, String type) {
        return names.find(type, call.query("os").orElse(""), call.query("dist").orElse("")).orElseThrow(() ->
            new Refused(422, "unknown_distribution", "this system is not in the list of distributions for " + type
                + " packages; see os and dist, or choose another one", "dist"));
    }

    private static Optional<String> name(Call call) {
        return call.query("name").map(String::strip).filter(text -> !text.isEmpty());
    }

    private static Answer answer(StoredRepository repository, String type, String text) {
        return Answer.bytes(200, type, text.getBytes(StandardCharsets.UTF_8))
            .with("Cache-Control", repository.isPrivate() ? "private, no-store" : "no-cache");
    }

    private static String resource(String name) {
        try (var in = InstallRoutes.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is not in the program");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
