package cambium.formats.rpm;

import cambium.formats.testing.HeaderBytes;
import cambium.formats.testing.TestRpm;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/// One entry of the catalogue: what is wrong, the bytes, and the answer they must get.
record HostileRpm(String name, byte[] rpm, String code, String field) {

    static HostileRpm malformed(String name, byte[] rpm) {
        return new HostileRpm(name, rpm, "rpm_malformed", "");
    }

    static HostileRpm malformed(String name, TestRpm rpm) {
        return malformed(name, rpm.build());
    }

    static HostileRpm field(String name, String field, TestRpm rpm) {
        return new HostileRpm(name, rpm.build(), "rpm_malformed", field);
    }

    static HostileRpm corrupt(String name, byte[] rpm) {
        return new HostileRpm(name, rpm, "corrupt", "");
    }

    static HostileRpm tooLarge(String name, byte[] rpm) {
        return new HostileRpm(name, rpm, "too_large_expanded", "");
    }

    /// A package that is right but for the fields of its main header.
    static HostileRpm header(String name, Consumer<HeaderBytes> edit) {
        return malformed(name, good().header(edit));
    }

    /// A package that is right, digests included, but for bytes of its main header.
    static HostileRpm raw(String name, UnaryOperator<byte[]> edit) {
        return malformed(name, good().rawHeader(edit));
    }

    static TestRpm good() {
        return TestRpm.of("hello", "1.0", "1", "noarch").requires("bash >= 5").file("/usr/bin/hello", "hello\n")
                .folder("/usr/share/hello").change(1_767_000_000, "Ann", "- first");
    }

    /// Changes one number of a header's bytes.
    static UnaryOperator<byte[]> number(int at, int value) {
        return bytes -> {
            byte[] changed = bytes.clone();
            ByteBuffer.wrap(changed).putInt(at, value);
            return changed;
        };
    }

    /// Where the index entry of a tag starts in a header's bytes.
    static int indexOf(byte[] header, int tag) {
        for (int at = 16; ; at += 16) {
            if (ByteBuffer.wrap(header).getInt(at) == tag) {
                return at;
            }
        }
    }

    /// Changes one number of a tag's index entry: 0 tag, 4 type, 8 offset, 12 count.
    static UnaryOperator<byte[]> entry(int tag, int part, int value) {
        return bytes -> number(indexOf(bytes, tag) + part, value).apply(bytes);
    }

    @Override
    public String toString() {
        return name;
    }
}
