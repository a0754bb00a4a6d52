package cambium.formats.deb;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The records of a pax header, `length key=value\n`.
final class PaxRecords {
    private PaxRecords() {}

    private interface Record {
        void take(String key, String value) throws MalformedDeb;
    }

    /// Of a control archive: refuses keys that would override the name, the size or the shape of an entry.
    static void check(byte[] records) throws MalformedDeb {
        each(records, ArchivePart.CONTROL, (key, _) -> checkKey(key));
    }

    /// Of a data archive: the name for the next entry, where one is given.
    static Optional<String> path(byte[] records) throws MalformedDeb {
        var path = new StringBuilder();
        each(records, ArchivePart.DATA, (key, value) -> {
            if (key.equals("size") || key.endsWith("charset") || key.startsWith("GNU.sparse.")
                    || key.startsWith("SCHILY.realsize")) {
                throw MalformedDeb.unlisted("the data archive has a pax header that overrides more than a name");
            }
            if (key.equals("path")) {
                path.setLength(0);
                path.append(new String(value.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
            }
        });
        return Optional.of(path.toString()).filter(found -> !found.isEmpty());
    }

    /// Refuses records whose length lies.
    private static void each(byte[] records, ArchivePart part, Record record) throws MalformedDeb {
        String text = new String(records, StandardCharsets.ISO_8859_1);
        for (int at = 0; at < text.length(); ) {
            int blank = text.indexOf(' ', at);
            if (blank < 0 || !text.substring(at, blank).matches("[1-9][0-9]{0,5}")) {
                throw lies(part);
            }
            int end = at + Integer.parseInt(text.substring(at, blank));
            int equals = text.indexOf('=', blank);
            if (end > text.length() || end <= blank + 1 || text.charAt(end - 1) != '\n'
                    || equals < 0 || equals >= end || equals == blank + 1) {
                throw lies(part);
            }
            record.take(text.substring(blank + 1, equals), text.substring(equals + 1, end - 1));
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

    private static MalformedDeb lies(ArchivePart part) {
        return MalformedDeb.structure(part.sentence("has a pax header with a record of a wrong length"));
    }
}
