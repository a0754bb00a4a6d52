package cambium.rollout;

import java.util.Locale;

/// What a version is blocked on.
public enum Ground {
    /// It failed, or a person took it back from every cell.
    STOPPED,
    /// A person wants it to go no further; cells that baked it keep it.
    VETOED,
    /// The repository withdrew one of its packages; cells that baked it keep it.
    WITHDRAWN;

    public static final Ground DEFAULT = STOPPED;

    public String word() {
        return this == STOPPED ? "blocked" : name().toLowerCase(Locale.ROOT);
    }
}
