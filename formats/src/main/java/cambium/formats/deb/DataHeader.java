package cambium.formats.deb;

import java.nio.charset.StandardCharsets;

/// One 512-byte tar header of a data archive, with its checksum verified.
///
/// @param name as written; [#relative(String)] makes a path of it
/// @param size in bytes, of the content that follows
record DataHeader(String name, Type type, long size) {
    enum Type { FILE, FOLDER, OTHER, LONG_NAME, LONG_LINK, PAX }

    static DataHeader parse(byte[] block) throws MalformedDeb {
        if (!TarHeader.checksumHolds(block)) {
            throw MalformedDeb.structure("a header of the data archive has a wrong checksum");
        }
        String name = name(block, 0, 100);
        boolean ustar = new String(block, 257, 6, StandardCharsets.ISO_8859_1).equals("ustar\0");
        String prefix = ustar ? name(block, 345, 155) : "";
        Type type = type((char) (block[156] & 0xff), name);
        long size = size(block);
        if ((type == Type.FOLDER || type == Type.OTHER) && size != 0) {
            throw MalformedDeb.unlisted("the data archive has content behind an entry that is no file");
        }
        return new DataHeader(prefix.isEmpty() ? name : prefix + "/" + name, type, size);
    }

    private static Type type(char flag, String name) throws MalformedDeb {
        return switch (flag) {
            case '0', '\0', '7' -> name.endsWith("/") ? Type.FOLDER : Type.FILE;
            case '5' -> Type.FOLDER;
            case '1', '2', '3', '4', '6' -> Type.OTHER;
            case 'L' -> Type.LONG_NAME;
            case 'K' -> Type.LONG_LINK;
            case 'x', 'g' -> Type.PAX;
            default -> throw MalformedDeb.unlisted("the data archive has an entry of an unusual kind");
        };
    }

    /// Octal, or base 256 for sizes over 8 GiB.
    private static long size(byte[] block) throws MalformedDeb {
        if ((block[124] & 0x80) != 0) {
            long size = block[124] & 0x7f;
            for (int i = 125; i < 136; i++) {
                if (size >= 1L << 48) {
                    throw noSize();
                }
                size = size << 8 | block[i] & 0xff;
            }
            return size;
        }
        String text = TarReader.ascii(block, 124, 12).strip();
        if (!text.matches("[0-7]{1,12}")) {
            throw noSize();
        }
        return Long.parseLong(text, 8);
    }

    private static MalformedDeb noSize() {
        return MalformedDeb.structure("an entry of the data archive has a size that is none");
    }

    /// The path as dpkg understands it: below the root, whether written with `./`, `/` or neither.
    static String relative(String name) throws MalformedDeb {
        var path = new StringBuilder();
        for (String part : name.split("/")) {
            if (part.equals("..")) {
                throw MalformedDeb.structure("the data archive holds a path that leads upwards");
            }
            if (!part.isEmpty() && !part.equals(".")) {
                path.append(path.isEmpty() ? "" : "/").append(part);
            }
        }
        return path.toString();
    }

    /// Names are nearly always UTF-8; what is not is shown with replacement characters.
    static String text(byte[] bytes) {
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] == 0) {
            end--;
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8);
    }

    private static String name(byte[] block, int from, int length) {
        int end = from;
        while (end < from + length && block[end] != 0) {
            end++;
        }
        return new String(block, from, end - from, StandardCharsets.UTF_8);
    }
}
