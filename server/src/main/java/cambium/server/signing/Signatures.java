package cambium.server.signing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.bcpg.ArmoredOutputStream;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureGenerator;
import org.bouncycastle.openpgp.PGPSignatureSubpacketGenerator;

/// The two signatures apt knows, both RSA over SHA-512. See RFC 9580 section 7 for the cleartext framework.
public final class Signatures {
    private Signatures() {}

    /// The content of `InRelease`: the text with its signature around it. The text must be UTF-8 with LF line ends.
    public static byte[] clearSigned(SigningKey key, byte[] text, Instant at) {
        List<String> lines = lines(text);
        try {
            PGPSignatureGenerator generator = generator(key, PGPSignature.CANONICAL_TEXT_DOCUMENT, at);
            // Signed are the lines joined by CRLF, without blanks at their ends and without the last line end.
            for (int i = 0; i < lines.size(); i++) {
                String line = (i == 0 ? "" : "\r\n") + lines.get(i).stripTrailing();
                generator.update(line.getBytes(StandardCharsets.UTF_8));
            }
            var out = new StringBuilder("-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n");
            for (String line : lines) {
                out.append(line.startsWith("-") ? "- " : "").append(line).append('\n');
            }
            return out.append(armored(generator)).toString().getBytes(StandardCharsets.UTF_8);
        } catch (PGPException | IOException broken) {
            throw new IllegalStateException("cannot sign", broken);
        }
    }

    /// The content of `Release.gpg`: an ASCII-armoured signature apart from the signed bytes.
    public static byte[] detached(SigningKey key, byte[] bytes, Instant at) {
        try {
            PGPSignatureGenerator generator = generator(key, PGPSignature.BINARY_DOCUMENT, at);
            generator.update(bytes);
            return armored(generator).getBytes(StandardCharsets.US_ASCII);
        } catch (PGPException | IOException broken) {
            throw new IllegalStateException("cannot sign", broken);
        }
    }

    private static List<String> lines(byte[] text) {
        String all = new String(text, StandardCharsets.UTF_8);
        if (all.indexOf('\r') >= 0) {
            throw new IllegalStateException("text to sign has a carriage return");
        }
        String body = all.endsWith("\n") ? all.substring(0, all.length() - 1) : all;
        return List.of(body.split("\n", -1));
    }

    private static PGPSignatureGenerator generator(SigningKey key, int type, Instant at) throws PGPException {
        PGPSignatureGenerator generator = key.newGenerator(type);
        var about = new PGPSignatureSubpacketGenerator();
        about.setSignatureCreationTime(true, Date.from(at));
        about.setIssuerFingerprint(false, key.publicKey());
        generator.setHashedSubpackets(about.generate());
        return generator;
    }

    private static String armored(PGPSignatureGenerator generator) throws PGPException, IOException {
        var out = new ByteArrayOutputStream();
        try (var armor = ArmoredOutputStream.builder().clearHeaders().build(out)) {
            generator.generate().encode(armor);
        }
        return out.toString(StandardCharsets.US_ASCII);
    }
}
