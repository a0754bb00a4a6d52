package cambium.formats.deb;

import java.nio.charset.StandardCharsets;

/// Checks the records of a pax header, `length key=value\n`, without ever acting on one.
final class PaxRecords {
    private PaxRecords() {}

    /// Refuses records whose length lies, and keys that would override the name, the size or the shape of an entry.
    static void check(byte[] records) throws MalformedDeb {
        String text = new String(records, StandardCharsets.ISO_8859_1);
        for (int at = 0; at < text.length(); ) {
            int blank = text.indexOf(' ', at);
            if (blank < 0 || !text.substring(at, blank).matches("[1-9][0-9]{0,5}")) {
                throw lies();
            }
            int end = at + Integer.parseInt(text.substring(at, blank));
            int equals = text.indexOf('=', blank);
            if (end > text.length() || end <= blank + 1 || text.charAt(end - 1) != '\n'
                    || equals < 0 || equals >= end || equals == blank + 1) {
                throw lies();
            }
            checkKey(text.substring(blank + 1, equals));
            at = end;
        }
    }

    private static void checkKey(String key) throws MalformedDeb {
        boolean overrides = key.equals("path") || key.equals("size") || key.equals("linkpath")
                || key.equals("charset") || key.equals("hdrcharset") || key.startsWith("GNU.sparse.")
                || key.startsWith("SCHILY.realsize");
        if (overrides || !key.matches("[A-Za-z0-9._:-]+")) {
            throw MalformedDeb.structure("a pax header of the control archive overrides what an entry says of itself");
        }
    }

    private static MalformedDeb lies() {
        return MalformedDeb.structure("a pax header of the control archive has a record with a wrong length");
    }
}
