package cambium.server.fleet;

/// The fencing token of a lease: grows with every new holder, from 1. Whoever holds a lower one can change nothing.
public record Epoch(long number) {
    public Epoch {
        if (number < 1) {
            throw new IllegalArgumentException("an epoch counts from 1, not " + number);
        }
    }
}
