package cambium.server.signing;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.openpgp.PGPPublicKeyRing;
import org.bouncycastle.openpgp.PGPSecretKeyRing;
import org.bouncycastle.openpgp.PGPUtil;
import org.bouncycastle.openpgp.jcajce.JcaPGPObjectFactory;
import org.bouncycastle.openpgp.operator.jcajce.JcaKeyFingerprintCalculator;

/// Public keys as text.
public final class PublicKeys {
    private static final int MAX_BYTES = 1 << 20;
    private static final int MAX_OBJECTS = 100;

    private PublicKeys() {}

    /// A public key with its fingerprint, 40 upper-case hexadecimal digits (64 for a key of version 6).
    public record PublicKey(String fingerprint, String armored) {
        /// The last 16 digits.
        public String keyId() {
            return fingerprint.substring(fingerprint.length() - 16);
        }
    }

    /// The first key in a file that someone sent, armoured or not, without whatever is secret in it.
    public static Optional<PublicKey> firstOf(byte[] file) {
        if (file.length > MAX_BYTES) {
            return Optional.empty();
        }
        try {
            var objects = new JcaPGPObjectFactory(PGPUtil.getDecoderStream(new ByteArrayInputStream(file)));
            for (int i = 0; i < MAX_OBJECTS; i++) {
                switch (objects.nextObject()) {
                    case PGPPublicKeyRing ring -> {
                        return Optional.of(publicKey(ring));
                    }
                    case PGPSecretKeyRing ring -> {
                        return Optional.of(publicKey(ring.toCertificate()));
                    }
                    case null -> {
                        return Optional.empty();
                    }
                    default -> { }
                }
            }
            return Optional.empty();
        } catch (IOException | RuntimeException damaged) {
            return Optional.empty();
        }
    }

    /// One block of text with all these keys, as apt, gpg and `rpm --import` read it.
    public static String joined(List<String> armored) {
        return armored.size() == 1 ? armored.getFirst() : Armor.joined(armored);
    }

    static PublicKey publicKey(PGPPublicKeyRing ring) {
        try {
            var packets = new ByteArrayOutputStream();
            ring.encode(packets, true);
            return new PublicKey(HexFormat.of().withUpperCase().formatHex(ring.getPublicKey().getFingerprint()),
                Armor.of(packets.toByteArray()));
        } catch (IOException never) {
            throw new IllegalStateException("memory cannot be written", never);
        }
    }

    static PGPPublicKeyRing ring(String armored) {
        try {
            return new PGPPublicKeyRing(Armor.packets(armored.getBytes(StandardCharsets.US_ASCII)),
                new JcaKeyFingerprintCalculator());
        } catch (IOException damaged) {
            throw new IllegalStateException("a stored public key is damaged", damaged);
        }
    }
}
