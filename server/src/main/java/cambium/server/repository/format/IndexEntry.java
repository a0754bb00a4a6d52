package cambium.server.repository.format;

/// What one package contributes to one view, or to that of every architecture. The bytes end with a blank line and
/// have no other, so that entries can be joined, cut and found. Do not alter the array.
public record IndexEntry(ViewKey view, byte[] bytes) {
    /// Whether the bytes are one entry, as far as its frame tells.
    public boolean isWhole() {
        for (int i = 1; i < bytes.length; i++) {
            if (bytes[i] == '\n' && bytes[i - 1] == '\n') {
                return i == bytes.length - 1 && bytes[0] != '\n';
            }
        }
        return false;
    }
}
