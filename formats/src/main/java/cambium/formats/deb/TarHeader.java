package cambium.formats.deb;

import java.nio.charset.StandardCharsets;

/// One 512-byte tar header of the v7, ustar or GNU kind, with its checksum verified and its name made relative.
record TarHeader(String name, Type type, long size) {
    private static final int MAX_SIZE_DIGITS = 11;

    /// The few kinds of entries that a control archive may hold.
    enum Type { FILE, FOLDER, PAX }

    static TarHeader parse(byte[] block) throws MalformedDeb {
        if (!checksumHolds(block)) {
            throw MalformedDeb.structure("a header of the control archive has a wrong checksum");
        }
        String magic = new String(block, 257, 6, StandardCharsets.ISO_8859_1);
        boolean ustar = magic.equals("ustar\0");
        if (!ustar && !magic.equals("ustar ") && !magic.equals("\0\0\0\0\0\0")) {
            throw MalformedDeb.structure("a header of the control archive is of an unknown kind");
        }
        String name = TarReader.ascii(block, 0, 100);
        String prefix = ustar ? TarReader.ascii(block, 345, 155) : "";
        String whole = prefix.isEmpty() ? name : prefix + "/" + name;
        Type type = type((char) (block[156] & 0xff), name);
        return new TarHeader(type == Type.PAX ? whole : relative(whole), type, size(block));
    }

    /// Whether a block could open a tar archive: its checksum holds.
    static boolean checksumHolds(byte[] block) {
        int sum = 0;
        for (int i = 0; i < block.length; i++) {
            sum += i >= 148 && i < 156 ? ' ' : block[i] & 0xff;
        }
        String text = TarReader.ascii(block, 148, 8).strip();
        return text.matches("[0-7]{1,7}") && Integer.parseInt(text, 8) == sum;
    }

    private static Type type(char flag, String name) throws MalformedDeb {
        return switch (flag) {
            // Before ustar, a folder was a plain file whose name ended with a slash.
            case '0', '\0' -> name.endsWith("/") ? Type.FOLDER : Type.FILE;
            case '5' -> Type.FOLDER;
            case 'x', 'g' -> Type.PAX;
            case '1', '2' -> throw MalformedDeb.structure("the control archive holds a link, where only files may be");
            case '3', '4', '6' -> throw MalformedDeb.structure("the control archive holds a device or pipe");
            default -> throw MalformedDeb.structure("the control archive holds an entry of a kind it may not hold");
        };
    }

    /// Octal only: the other notation exists for sizes over 8 GiB and for negative numbers.
    private static long size(byte[] block) throws MalformedDeb {
        String text = TarReader.ascii(block, 124, 12).strip();
        if (text.length() > MAX_SIZE_DIGITS || !text.matches("[0-7]+")) {
            throw MalformedDeb.structure("an entry of the control archive has a size that is not an octal number");
        }
        return Long.parseLong(text, 8);
    }

    private static String relative(String path) throws MalformedDeb {
        if (path.equals(".") || path.equals("./")) {
            return "";
        }
        String name = path.startsWith("./") ? path.substring(2) : path;
        if (name.endsWith("/")) {
            name = name.substring(0, name.length() - 1);
        }
        for (String part : name.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..") || !part.matches("[ -~]+")) {
                throw MalformedDeb.structure("the control archive holds a name that is not a plain relative path");
            }
        }
        return name;
    }
}
