package cambium.formats.rpm;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// Writes XML 1.0 in UTF-8. Whatever a text holds, it stays text: markup is escaped, what XML cannot hold is left
/// out, and line ends survive a parser's normalisation. No output ever has a blank line.
final class XmlText {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /// Markup of our own.
    XmlText raw(String markup) {
        out.writeBytes(markup.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /// `indent<name>text</name>` and a line end.
    XmlText element(String indent, String name, String text) {
        return raw(indent + "<" + name + ">").content(text).raw("</" + name + ">\n");
    }

    XmlText content(String text) {
        return escaped(text, false);
    }

    /// ` name="value"`
    XmlText attribute(String name, String value) {
        return raw(" " + name + "=\"").escaped(value, true).raw("\"");
    }

    byte[] toBytes() {
        return out.toByteArray();
    }

    /// The most bytes that a text takes, wherever it stands.
    static long mostBytes(String text) {
        long bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            bytes += c >= 0x800 ? 3 : c >= 0x80 ? 2 : c < ' ' || "&<>\"".indexOf(c) >= 0 ? 6 : 1;
        }
        return bytes;
    }

    private XmlText escaped(String text, boolean attribute) {
        var escaped = new StringBuilder(text.length() + 16);
        boolean lineEnd = false;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            if (!inXml(c)) {
                continue;
            }
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append(attribute ? "&quot;" : "\"");
                case '\r' -> escaped.append("&#13;");
                case '\t' -> escaped.append(attribute ? "&#9;" : "\t");
                // A second line end in a row as a reference: otherwise it would end the entry.
                case '\n' -> escaped.append(attribute || lineEnd ? "&#10;" : "\n");
                default -> escaped.appendCodePoint(c);
            }
            lineEnd = c == '\n' && !lineEnd && !attribute;
        }
        return raw(escaped.toString());
    }

    /// The characters that XML 1.0 allows, section 2.2.
    private static boolean inXml(int c) {
        return c >= 0x20 ? c < 0xd800 || c > 0xdfff && c < 0xfffe || c > 0xffff : c == '\t' || c == '\n' || c == '\r';
    }
}
