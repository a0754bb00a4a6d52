package cambium.simulation;

/// The store gave no answer; whether it did what it was asked, nobody knows.
final class Unanswered extends RuntimeException {
    private static final long serialVersionUID = 1;

    Unanswered(String where) {
        super(where, null, false, false);
    }
}
