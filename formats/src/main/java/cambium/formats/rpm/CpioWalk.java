package cambium.formats.rpm;

import cambium.formats.MigrationsFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Walks a cpio archive in one of the three forms that rpm writes ("new ASCII", the same with checksums, and rpm's own
/// that names files by their number), and holds it against the file list of the header: no file that the header does
/// not name, none twice, none of another size. Nothing is extracted.
final class CpioWalk {
    private static final int FIELDS = 13;
    private static final int FIELD_CHARACTERS = 8;
    private static final int MAGIC_BYTES = 6;
    private static final int MAX_NAME_BYTES = 4096;
    private static final String END = "TRAILER!!!";
    private static final int FORMAT_MASK = 0170000;
    private static final int REGULAR = 0100000;
    private static final int LINK = 0120000;

    private final InputStream in;
    private final FileNumbers files;
    private final int kept;
    private final byte[] bin = new byte[64 * 1024];
    private long at;
    private Optional<byte[]> content = Optional.empty();

    /// @param kept the number of the file whose content is wanted, if it is a plain one of at most
    ///     [MigrationsFile#MAX_BYTES]; negative for none
    CpioWalk(InputStream in, FileNumbers files, int kept) {
        this.in = in;
        this.files = files;
        this.kept = kept;
    }

    /// Of the wanted file, as soon as the walk has come by it.
    Optional<byte[]> content() {
        return content;
    }

    /// Reads to the end of the stream, so that its checksums are verified.
    void walk() throws IOException {
        for (boolean more = true; more; ) {
            String magic = new String(take(MAGIC_BYTES), StandardCharsets.ISO_8859_1);
            more = switch (magic) {
                case "070701", "070702" -> named();
                case "07070X" -> numbered();
                default -> throw MalformedRpm.structure("the payload has no cpio header where one should stand");
            };
        }
        for (int count = in.read(bin); count >= 0; count = in.read(bin)) {
            for (int i = 0; i < count; i++) {
                if (bin[i] != 0) {
                    throw MalformedRpm.structure("something follows the end of the payload's cpio archive");
                }
            }
        }
    }

    /// One entry with its own header; false for the last.
    private boolean named() throws IOException {
        long[] fields = new long[FIELDS];
        for (int i = 0; i < FIELDS; i++) {
            fields[i] = number();
        }
        long mode = fields[1] & FORMAT_MASK;
        long links = fields[4];
        long size = fields[6];
        String name = name(fields[11]);
        pad();
        if (name.equals(END)) {
            return false;
        }
        int file = files.claim(name);
        boolean sized = mode == REGULAR || mode == LINK;
        boolean right = sized ? size == files.bytes(file) || mode == REGULAR && links > 1 && size == 0 : size == 0;
        if (!right) {
            throw MalformedRpm.structure("a file of the payload has another size than the header says");
        }
        content(file, mode == REGULAR ? size : -1, size);
        pad();
        return true;
    }

    private void content(int file, long plainBytes, long bytes) throws IOException {
        if (file == kept && plainBytes > 0 && plainBytes <= MigrationsFile.MAX_BYTES) {
            content = Optional.of(take((int) plainBytes));
        } else {
            skip(bytes);
        }
    }

    /// One entry whose header is that of the package.
    private boolean numbered() throws IOException {
        long number = number();
        pad();
        files.claim(number);
        long bytes = files.contentBytes((int) number);
        content((int) number, files.isPlain((int) number) ? bytes : -1, bytes);
        pad();
        return true;
    }

    private String name(long bytes) throws IOException {
        if (bytes < 1 || bytes > MAX_NAME_BYTES) {
            throw MalformedRpm.structure("a file of the payload has a name of no or more than " + MAX_NAME_BYTES
                    + " bytes");
        }
        byte[] name = take((int) bytes);
        int end = name.length - 1;
        if (name[end] != 0) {
            throw MalformedRpm.structure("a file of the payload has a name without its end");
        }
        return RpmHeader.decoded(name, 0, end);
    }

    private long number() throws IOException {
        long number = 0;
        for (byte digit : take(FIELD_CHARACTERS)) {
            int value = Character.digit(digit, 16);
            if (value < 0) {
                throw MalformedRpm.structure("a cpio header of the payload has a number that is none");
            }
            number = number << 4 | value;
        }
        return number;
    }

    private void pad() throws IOException {
        take((int) (-at & 3));
    }

    private byte[] take(int bytes) throws IOException {
        byte[] taken = in.readNBytes(bytes);
        if (taken.length < bytes) {
            throw endsEarly();
        }
        at += bytes;
        return taken;
    }

    private void skip(long bytes) throws IOException {
        for (long left = bytes; left > 0; ) {
            int count = in.read(bin, 0, (int) Math.min(bin.length, left));
            if (count < 0) {
                throw endsEarly();
            }
            left -= count;
        }
        at += bytes;
    }

    private static MalformedRpm endsEarly() {
        return MalformedRpm.structure("the payload's cpio archive ends too early");
    }
}
