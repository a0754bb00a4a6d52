package cambium.server.sql;

/// The database holds what this program cannot read and nobody has changed: a newer one wrote it. Whoever meets it goes
/// no further there, since what is only half understood must not be acted on.
public final class WrittenByNewer extends IllegalStateException {
    private static final long serialVersionUID = 1;

    public WrittenByNewer(String what, Throwable cause) {
        super(what + "; a newer Cambium wrote it: use that one, this one shows and changes no fleet any more", cause);
    }
}
