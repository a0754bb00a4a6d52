package cambium.server.repository.format;

/// What one package contributes to one view, or to that of every architecture: one or several pieces that each end with
/// a blank line and have no other, so that entries can be joined, cut and found. Do not alter the array.
public record IndexEntry(ViewKey view, byte[] bytes) {
    /// Whether the bytes are at least one and at most so many whole pieces, as far as their frame tells.
    public boolean isWhole(int maxPieces) {
        int start = 0;
        int pieces = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n' && i == start) {
                return false;
            }
            if (bytes[i] == '\n' && bytes[i - 1] == '\n') {
                start = i + 1;
                pieces++;
            }
        }
        return start == bytes.length && pieces > 0 && pieces <= maxPieces;
    }
}
