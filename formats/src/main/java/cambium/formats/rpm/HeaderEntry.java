package cambium.formats.rpm;

/// One line of a header's index.
///
/// @param offset of its first byte in the header's store
/// @param count of values, or of bytes for [#BIN]
record HeaderEntry(int tag, int type, int offset, int count) {
    static final int CHAR = 1;
    static final int INT8 = 2;
    static final int INT16 = 3;
    static final int INT32 = 4;
    static final int INT64 = 5;
    static final int STRING = 6;
    static final int BIN = 7;
    static final int STRINGS = 8;
    static final int LOCALISED = 9;
    static final int BYTES = 16;

    boolean isText() {
        return type == STRING || type == STRINGS || type == LOCALISED;
    }

    /// Bytes of one value; values also stand at multiples of it. Texts have a length of their own.
    int width() {
        return switch (type) {
            case INT16 -> 2;
            case INT32 -> 4;
            case INT64 -> 8;
            default -> 1;
        };
    }
}
