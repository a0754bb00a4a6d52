package cambium.server.access;

import java.util.Objects;
import java.util.OptionalLong;

/// What a token of one repository opens: a read token (`id` given) that repository's files, a master token its
/// install scripts. Neither gives any [Permission].
public record RepositoryToken(Kind kind, long repositoryId, long masterTokenId, OptionalLong readTokenId, String name) {
    /// `READ` is made under a master token and goes with it.
    public enum Kind { MASTER, READ }

    public RepositoryToken {
        Objects.requireNonNull(name);
        if ((kind == Kind.READ) != readTokenId.isPresent()) {
            throw new IllegalArgumentException("a read token has an id of its own, a master token has none");
        }
    }
}
