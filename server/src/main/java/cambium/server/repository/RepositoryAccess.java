package cambium.server.repository;

import cambium.server.access.Actor;
import cambium.server.access.Permission;
import cambium.server.access.RepositoryToken;
import cambium.server.http.Answer;
import cambium.server.http.Call;
import cambium.server.http.Refused;
import java.util.Map;
import java.util.Optional;

/// The one place that decides whether a caller may read a repository. A private repository looks the same as a missing
/// one to whoever may not read it. On paths of package managers both ask an anonymous caller for credentials, so that
/// clients which wait to be asked send them.
public final class RepositoryAccess {
    private final Repositories repositories;

    RepositoryAccess(Repositories repositories) {
        this.repositories = repositories;
    }

    /// What of a repository is asked for: the API and the pages, the files of package managers, lists of versions, or
    /// the texts that set up a machine.
    private enum Door { API, FILES, LISTS, INSTALL }

    /// Whether the API and the pages show this repository to the actor.
    static boolean shows(Actor actor, StoredRepository repository) {
        return opens(actor, repository, Door.API);
    }

    private static boolean opens(Actor actor, StoredRepository repository, Door door) {
        if (!repository.isPrivate() || actor.may(Permission.READ_REPOSITORY)) {
            return true;
        }
        Optional<RepositoryToken.Kind> kind = actor.repositoryToken()
            .filter(token -> token.repositoryId() == repository.id()).map(RepositoryToken::kind);
        return switch (door) {
            case API -> false;
            case FILES -> kind.filter(RepositoryToken.Kind.READ::equals).isPresent();
            case LISTS -> kind.isPresent();
            case INSTALL -> kind.filter(RepositoryToken.Kind.MASTER::equals).isPresent();
        };
    }

    /// The repository in the path, if the caller may read it by the API. Wrong credentials end as 401 in any case but
    /// that of a public repository.
    public Optional<StoredRepository> readable(Call call) {
        return found(call, Door.API);
    }

    /// For paths of package managers: the repository, or [Refused] with 401 or 404.
    public StoredRepository readableByClient(Call call) {
        return found(call, Door.FILES).orElseThrow(() -> unknownTo(call));
    }

    /// For lists of versions, which both kinds of tokens open: the repository, or [Refused] with 401 or 404.
    public StoredRepository listedToClient(Call call) {
        return found(call, Door.LISTS).orElseThrow(() -> unknownTo(call));
    }

    /// For install scripts and what they ask for: the repository, or [Refused] with 401 or 404.
    public StoredRepository installable(Call call) {
        return found(call, Door.INSTALL).orElseThrow(() -> unknownTo(call));
    }

    /// Who calls is not looked at where everybody may read.
    private Optional<StoredRepository> found(Call call, Door door) {
        Optional<StoredRepository> found = RepositoryName.of(call.param("owner"), call.param("repo"))
            .flatMap(repositories::find);
        if (found.isPresent() && !found.get().isPrivate()) {
            return found;
        }
        Actor actor = call.actor();
        return found.filter(repository -> opens(actor, repository, door));
    }

    private static Refused unknownTo(Call call) {
        if (call.actor().isAnonymous()) {
            return new Refused(401, "unauthenticated", "there is no such public repository; for a private one send "
                + "a token as the user name");
        }
        return new Refused(404, "unknown_repository", "there is no such repository");
    }

    /// What the API answers when there is no such repository, in the shape that the clients read.
    public static Answer unknown() {
        return Answer.json(404, Map.of("error", "not_found")).with("X-Cambium-Code", "unknown_repository");
    }
}
