package cambium.simulation;

/// The coordinator's process dies here, as by `kill -9`: no handler of the product may see it.
final class Killed extends Error {
    private static final long serialVersionUID = 1;

    Killed(String where) {
        super(where, null, false, false);
    }
}
