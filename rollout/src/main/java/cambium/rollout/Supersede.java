package cambium.rollout;

/// What a ring does about a newer version while it is still busy with one that it has begun. Whatever it does, it keeps
/// a version that it has proved until the ring outside has taken it, so that a stream of versions starves no ring.
public enum Supersede {
    /// It finishes the one that it began, then takes the newest.
    FINISH,
    /// It takes the newer one at once, unless what it is busy with has replaced one already: a ring that always began
    /// anew would never prove anything.
    NEWEST_WINS,
    /// It takes every version in its turn; the ring inside keeps each until it has been taken from there.
    QUEUE;

    public static final Supersede DEFAULT = FINISH;
}
