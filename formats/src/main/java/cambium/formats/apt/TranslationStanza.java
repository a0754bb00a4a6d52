package cambium.formats.apt;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/// One package's entry in `Translation-en`: the whole description, found by the digest that a brief stanza of
/// `Packages` names. The same description of several versions or architectures gives equal entries, which clients
/// take as one. See Debian RepositoryFormat, "Translation Indices".
public final class TranslationStanza {
    private TranslationStanza() {}

    /// The entry with the blank line that ends it, or none where the description has only one line.
    ///
    /// @param stanza as [PackagesStanza] writes it, with the whole description
    public static Optional<byte[]> of(byte[] stanza) {
        String text = new String(stanza, StandardCharsets.UTF_8);
        return PackagesStanza.longDescription(text).map(whole -> (text.substring(0, text.indexOf('\n') + 1)
                + "Description-md5: " + digest(whole) + "\nDescription-en: " + whole + "\n\n")
                .getBytes(StandardCharsets.UTF_8));
    }

    /// MD5 of the value with a line feed behind it, as apt computes it. A name for a text, not a protection.
    static String digest(String description) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5")
                    .digest((description + "\n").getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException never) {
            throw new IllegalStateException("every JDK has MD5", never);
        }
    }
}
