package cambium.server.signing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureGenerator;
import org.bouncycastle.openpgp.PGPSignatureSubpacketGenerator;

/// The signatures that apt and rpm know, over SHA-512, by each of the given keys in their order. See RFC 9580 section 7
/// for the cleartext framework.
public final class Signatures {
    private Signatures() {}

    /// A text with its signatures around it (`InRelease`), and the signatures apart from it (`Release.gpg`).
    public record SignedText(byte[] clearSigned, byte[] detached) {}

    /// Signs a text, UTF-8 with LF at the end of each line, for both files at once. One signature serves both: over
    /// canonical text, which hashes CRLF as line ends. A cleartext message leaves out the last line end, so an empty
    /// line is put after the text to make its signed content equal to that of the text apart.
    public static SignedText text(List<SigningKey> keys, byte[] text, Instant at) {
        List<String> lines = lines(text);
        String armored = signed(keys, PGPSignature.CANONICAL_TEXT_DOCUMENT, canonical(lines), at);
        var out = new StringBuilder("-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n");
        for (String line : lines) {
            out.append(line.startsWith("-") ? "- " : "").append(line).append('\n');
        }
        return new SignedText(out.append('\n').append(armored).toString().getBytes(StandardCharsets.UTF_8),
            armored.getBytes(StandardCharsets.US_ASCII));
    }

    /// Signatures apart from the signed bytes, ASCII-armoured in one block (`repomd.xml.asc`).
    public static byte[] detached(List<SigningKey> keys, byte[] bytes, Instant at) {
        return signed(keys, PGPSignature.BINARY_DOCUMENT, bytes, at).getBytes(StandardCharsets.US_ASCII);
    }

    /// The content of `InRelease` alone, by one key.
    public static byte[] clearSigned(SigningKey key, byte[] text, Instant at) {
        return text(List.of(key), text, at).clearSigned();
    }

    /// A detached signature by one key.
    public static byte[] detached(SigningKey key, byte[] bytes, Instant at) {
        return detached(List.of(key), bytes, at);
    }

    /// Blanks at the end of a line are hashed in one of the two forms only, so there must be none.
    private static List<String> lines(byte[] text) {
        String all = new String(text, StandardCharsets.UTF_8);
        if (!all.endsWith("\n") || all.indexOf('\r') >= 0 || all.contains(" \n") || all.contains("\t\n")) {
            throw new IllegalStateException("text to sign must consist of lines that end with LF, without blanks "
                + "before it");
        }
        return List.of(all.substring(0, all.length() - 1).split("\n", -1));
    }

    private static byte[] canonical(List<String> lines) {
        return (String.join("\r\n", lines) + "\r\n").getBytes(StandardCharsets.UTF_8);
    }

    private static String signed(List<SigningKey> keys, int type, byte[] content, Instant at) {
        if (keys.isEmpty()) {
            throw new IllegalStateException("there is no key to sign with");
        }
        var packets = new ByteArrayOutputStream();
        try {
            for (SigningKey key : keys) {
                PGPSignatureGenerator generator = key.newGenerator(type);
                var about = new PGPSignatureSubpacketGenerator();
                about.setSignatureCreationTime(true, Date.from(at));
                about.setIssuerFingerprint(false, key.signer());
                generator.setHashedSubpackets(about.generate());
                generator.update(content);
                generator.generate().encode(packets);
            }
        } catch (PGPException | IOException broken) {
            throw new IllegalStateException("cannot sign", broken);
        }
        return Armor.of(packets.toByteArray());
    }
}
