package cambium.server.repository;

import cambium.server.access.Actor;
import cambium.server.access.Permission;
import cambium.server.http.Answer;
import cambium.server.http.Call;
import cambium.server.http.Refused;
import java.util.Map;
import java.util.Optional;

/// The one place that decides whether a caller may read a repository. A private repository looks the same as a missing
/// one to whoever may not read it. On paths of package managers both ask an anonymous caller for credentials, so that
/// clients which wait to be asked send them.
final class RepositoryAccess {
    private final Repositories repositories;

    RepositoryAccess(Repositories repositories) {
        this.repositories = repositories;
    }

    /// The repository in the path, if the caller may read it. Wrong credentials end as 401 in any case but that of a
    /// public repository.
    Optional<StoredRepository> readable(Call call) {
        Optional<StoredRepository> found = RepositoryName.of(call.param("owner"), call.param("repo"))
            .flatMap(repositories::find);
        if (found.isPresent() && !found.get().isPrivate()) {
            return found;
        }
        return call.actor().may(Permission.READ_REPOSITORY) ? found : Optional.empty();
    }

    /// For paths of package managers: the repository, or [Refused] with 401 or 404.
    StoredRepository readableByClient(Call call) {
        return readable(call).orElseThrow(() -> {
            if (call.actor().equals(Actor.ANONYMOUS)) {
                return new Refused(401, "unauthenticated", "there is no such public repository; for a private one send "
                    + "a token as the user name");
            }
            return new Refused(404, "unknown_repository", "there is no such repository");
        });
    }

    /// What the API answers when there is no such repository, in the shape that the clients read.
    static Answer unknown() {
        return Answer.json(404, Map.of("error", "not_found")).with("X-Cambium-Code", "unknown_repository");
    }
}
