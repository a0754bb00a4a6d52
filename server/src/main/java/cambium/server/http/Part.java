package cambium.server.http;

/// Which bytes of a body of `length` bytes an answer carries.
record Part(Kind kind, long from, long toExclusive, long length) {
    enum Kind { WHOLE, SLICE, NOT_MODIFIED, UNSATISFIABLE }

    boolean isBodiless() {
        return kind == Kind.NOT_MODIFIED || kind == Kind.UNSATISFIABLE;
    }
}
