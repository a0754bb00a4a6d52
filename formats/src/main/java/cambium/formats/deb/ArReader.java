package cambium.formats.deb;

import cambium.formats.packed.SourceStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/// Reads the ar archive around a .deb: short names only, sizes in plain decimal, every pad byte where it belongs.
/// See deb(5). Members are read in order and each must be read or skipped to its end before the next.
final class ArReader {
    static final int MAX_MEMBERS = 64;
    private static final byte[] MAGIC = "!<arch>\n".getBytes(StandardCharsets.US_ASCII);
    private static final int HEADER_BYTES = 60;

    private final SourceStream in;
    private int members;
    private long left;
    private boolean padded;

    /// One member; its bytes end where its size says, and a file that ends earlier is refused.
    record Member(String name, long size, InputStream content) {}

    ArReader(SourceStream in) throws IOException {
        this.in = in;
        byte[] magic = in.readNBytes(MAGIC.length);
        if (magic.length == 0) {
            throw MalformedDeb.structure("the file is empty");
        }
        if (!Arrays.equals(magic, MAGIC)) {
            throw MalformedDeb.structure("not a Debian package: the file does not start with !<arch>");
        }
    }

    /// The next member, or empty at the end of the file.
    Optional<Member> next() throws IOException {
        finishMember();
        byte[] header = in.readNBytes(HEADER_BYTES);
        if (header.length == 0) {
            return Optional.empty();
        }
        if (++members > MAX_MEMBERS) {
            throw MalformedDeb.structure("the archive has more than " + MAX_MEMBERS + " members");
        }
        if (header.length < HEADER_BYTES || header[58] != '`' || header[59] != '\n') {
            throw MalformedDeb.structure("ar member " + members + " has a broken header");
        }
        String text = new String(header, 0, 58, StandardCharsets.ISO_8859_1);
        if (!text.chars().allMatch(c -> c >= ' ' && c <= '~')) {
            throw MalformedDeb.structure("ar member " + members + " has a broken header");
        }
        long size = size(text.substring(48, 58));
        left = size;
        padded = size % 2 != 0;
        return Optional.of(new Member(name(text.substring(0, 16)), size, new MemberStream()));
    }

    /// Some writers end a short name with a slash, and dpkg takes it off; long-name forms start with one or with #.
    private String name(String padded) throws MalformedDeb {
        String name = padded.stripTrailing();
        if (name.endsWith("/") && name.length() > 1) {
            name = name.substring(0, name.length() - 1);
        }
        if (!name.matches("[A-Za-z0-9_][A-Za-z0-9._-]*")) {
            throw MalformedDeb.structure("ar member " + members + " has a name that no Debian package uses");
        }
        return name;
    }

    private long size(String padded) throws MalformedDeb {
        String digits = padded.stripTrailing();
        if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw MalformedDeb.structure("ar member " + members + " has a size that is not a number");
        }
        return Long.parseLong(digits);
    }

    private void finishMember() throws IOException {
        byte[] bin = new byte[16 * 1024];
        while (left > 0) {
            takeMember(bin, 0, bin.length);
        }
        if (padded) {
            padded = false;
            int pad = in.read();
            if (pad != '\n') {
                throw MalformedDeb.structure(pad < 0 ? "the file ends before the pad byte of its last member"
                        : "ar member " + members + " is not followed by its pad byte");
            }
        }
    }

    private int takeMember(byte[] into, int from, int length) throws IOException {
        int count = in.read(into, from, (int) Math.min(length, left));
        if (count < 0) {
            throw MalformedDeb.structure("the file ends " + left + " bytes before the end of ar member " + members);
        }
        left -= count;
        return count;
    }

    private final class MemberStream extends InputStream {
        private final int number = members;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            if (number != members || left == 0) {
                return -1;
            }
            return length == 0 ? 0 : takeMember(into, from, length);
        }
    }
}
