package cambium.formats.rpm;

import static cambium.formats.rpm.HostileRpm.entry;
import static cambium.formats.rpm.HostileRpm.good;
import static cambium.formats.rpm.HostileRpm.malformed;
import static cambium.formats.rpm.HostileRpm.number;
import static cambium.formats.rpm.HostileRpm.raw;

import cambium.formats.testing.HeaderBytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;

/// What can be wrong with the lead and with the frame of the headers.
final class HostileRpmHeader {
    private HostileRpmHeader() {}

    static Stream<HostileRpm> all() {
        return Stream.of(lead(), frame(), entries(), region(), signature()).flatMap(group -> group);
    }

    private static Stream<HostileRpm> lead() {
        byte[] rpm = good().build();
        return Stream.of(
                malformed("empty file", new byte[0]),
                malformed("95 bytes", Arrays.copyOf(rpm, 95)),
                malformed("only a lead", Arrays.copyOf(rpm, 96)),
                malformed("a .deb", "!<arch>\ndebian-binary ".repeat(9).getBytes(StandardCharsets.US_ASCII)),
                malformed("wrong magic", with(rpm, 0, 0xee)),
                malformed("format 2", with(rpm, 4, 2)),
                malformed("format 5", with(rpm, 4, 5)),
                malformed("neither binary nor source", with(rpm, 7, 2)),
                malformed("old kind of signature", with(rpm, 79, 1)));
    }

    private static Stream<HostileRpm> frame() {
        byte[] rpm = good().build();
        return Stream.of(
                raw("wrong magic of the header", number(0, 0x8eade802)),
                raw("reserved bytes used", number(4, 1)),
                raw("no tags", number(8, 0)),
                raw("65,536 tags", number(8, 65_536)),
                raw("negative number of tags", number(8, -1)),
                raw("no values", number(12, 0)),
                raw("256 MiB of values", number(12, 256 << 20)),
                raw("more values than the file is long", number(12, 32 << 20)),
                raw("negative size of values", number(12, Integer.MIN_VALUE)),
                raw("header cut", header -> Arrays.copyOf(header, 40)),
                malformed("file ends behind the signature header", Arrays.copyOf(rpm, paddingStart(rpm))),
                malformed("header shifted by a byte", insert(rpm, paddingStart(rpm))));
    }

    private static Stream<HostileRpm> entries() {
        int name = RpmTag.NAME;
        int size = RpmTag.SIZE;
        return Stream.of(
                raw("tag 99", entry(name, 0, 99)),
                raw("tag -1", entry(name, 0, -1)),
                raw("a second name", entry(RpmTag.VERSION, 0, name)),
                raw("type 0", entry(name, 4, 0)),
                raw("type 10", entry(name, 4, 10)),
                raw("type -1", entry(name, 4, -1)),
                raw("negative offset", entry(name, 8, -1)),
                raw("offset at the end", header -> entry(name, 8, storeBytes(header)).apply(header)),
                raw("offset behind the end", entry(name, 8, Integer.MAX_VALUE)),
                raw("value over another", entry(RpmTag.VERSION, 8, 0)),
                raw("misaligned number", header -> entry(size, 8, offset(header, size) + 1).apply(header)),
                raw("count 0", entry(size, 12, 0)),
                raw("count -1", entry(size, 12, -1)),
                raw("count 2^31-1", entry(size, 12, Integer.MAX_VALUE)),
                raw("count beyond the values", header -> entry(size, 12, storeBytes(header) / 4 + 1).apply(header)),
                raw("two names", entry(name, 12, 2)),
                raw("numbers over the region's end", header -> entry(lastTag(header), 12, 4096).apply(header)),
                raw("text without its end", header -> unterminated(header)),
                raw("values end inside a text", header -> entry(lastTag(header), 12, 1_000).apply(header)));
    }

    private static Stream<HostileRpm> region() {
        return Stream.of(
                raw("region of another tag", number(16, 62)),
                raw("region of no tag", number(16, 1000)),
                raw("region of another type", number(20, 6)),
                raw("region's trailer at a negative place", number(24, -16)),
                raw("region's trailer behind the end", header -> number(24, storeBytes(header) - 15).apply(header)),
                raw("region's trailer far away", number(24, Integer.MAX_VALUE)),
                raw("region's trailer of another size", number(28, 32)),
                raw("trailer without its tag", header -> trailer(header, 0, 62)),
                raw("trailer of another type", header -> trailer(header, 4, 4)),
                raw("trailer points forward", header -> trailer(header, 8, 16)),
                raw("trailer points to half an entry", header -> trailer(header, 8, -24)),
                raw("trailer points before the index", header -> trailer(header, 8, -16 * 1000)),
                raw("trailer points at the smallest number", header -> trailer(header, 8, Integer.MIN_VALUE)),
                raw("trailer leaves entries out", header -> trailer(header, 8, -32)),
                raw("trailer of another count", header -> trailer(header, 12, 15)),
                raw("values behind the region", header -> {
                    byte[] longer = Arrays.copyOf(header, header.length + 16);
                    return number(12, storeBytes(header) + 16).apply(longer);
                }));
    }

    private static Stream<HostileRpm> signature() {
        return Stream.of(
                malformed("signature header without magic", good().rawSignature(number(0, 0))),
                malformed("signature header without a region", good().rawSignature(number(16, 63))),
                malformed("65,536 signature tags", good().rawSignature(number(8, 65_536))),
                malformed("9 MiB of signatures", good().rawSignature(number(12, 9 << 20))),
                malformed("wrong size", good().signature(fields -> fields.number(1000, 12))),
                malformed("wrong long size", good().signature(fields -> fields.without(1000)
                        .longs(270, java.util.List.of(1L << 40)))),
                malformed("size as text", good().signature(fields -> fields.text(1000, "12"))),
                malformed("no digest", good().header(HostileRpmHeader::withoutPayloadDigest)
                        .signature(fields -> fields.without(269).without(273).without(1004))),
                malformed("no digest of the payload", good().header(HostileRpmHeader::withoutPayloadDigest)
                        .signature(fields -> fields.without(1004))),
                malformed("no digest of the header", good()
                        .signature(fields -> fields.without(269).without(273).without(1004))),
                malformed("wrong SHA-1", good().signature(fields -> fields.text(269, "0".repeat(40)))),
                malformed("wrong SHA-256", good().signature(fields -> fields.text(273, "0".repeat(64)))),
                malformed("short SHA-256", good().signature(fields -> fields.text(273, "0".repeat(63)))),
                malformed("SHA-256 of letters", good().signature(fields -> fields.text(273, "z".repeat(64)))),
                malformed("wrong MD5", good().signature(fields -> fields.bytes(1004, new byte[16]))),
                malformed("MD5 of 15 bytes", good().signature(fields -> fields.bytes(1004, new byte[15]))),
                malformed("MD5 as text", good().signature(fields -> fields.text(1004, "0".repeat(32)))));
    }

    private static void withoutPayloadDigest(HeaderBytes fields) {
        fields.without(5092).without(5093).without(5097);
    }

    private static byte[] with(byte[] bytes, int at, int value) {
        byte[] changed = bytes.clone();
        changed[at] = (byte) value;
        return changed;
    }

    private static byte[] insert(byte[] bytes, int at) {
        byte[] longer = new byte[bytes.length + 1];
        System.arraycopy(bytes, 0, longer, 0, at);
        System.arraycopy(bytes, at, longer, at + 1, bytes.length - at);
        return longer;
    }

    private static int paddingStart(byte[] rpm) {
        ByteBuffer signature = ByteBuffer.wrap(rpm, 96, 16).slice();
        return 96 + 16 + 16 * signature.getInt(8) + signature.getInt(12);
    }

    private static int storeBytes(byte[] header) {
        return ByteBuffer.wrap(header).getInt(12);
    }

    private static int offset(byte[] header, int tag) {
        return ByteBuffer.wrap(header).getInt(HostileRpm.indexOf(header, tag) + 8);
    }

    private static int lastTag(byte[] header) {
        return ByteBuffer.wrap(header).getInt(16 * ByteBuffer.wrap(header).getInt(8));
    }

    private static byte[] trailer(byte[] header, int part, int value) {
        return number(header.length - 16 + part, value).apply(header);
    }

    /// Fills everything behind the last value's start, up to the region's end, so that its text finds no end.
    private static byte[] unterminated(byte[] header) {
        byte[] changed = header.clone();
        int storeAt = header.length - storeBytes(header);
        int tag = RpmTag.PAYLOAD_DIGEST_EXPANDED;
        Arrays.fill(changed, storeAt + offset(header, tag), header.length - 16, (byte) 'a');
        return changed;
    }
}
