package cambium.server.signing;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.bcpg.PublicKeyPacket;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPKeyPair;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPSignatureGenerator;
import org.bouncycastle.openpgp.operator.PGPContentSignerBuilder;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentSignerBuilder;
import org.bouncycastle.openpgp.operator.jcajce.JcaKeyFingerprintCalculator;
import org.bouncycastle.openpgp.operator.jcajce.JcaPGPContentSignerBuilder;
import org.bouncycastle.openpgp.operator.jcajce.JcaPGPKeyPair;

/// A repository's OpenPGP key, able to sign. One made here is of version 4: an RSA key of 4096 bits that certifies and
/// another below it that signs, all bound by SHA-512, never expiring. The algorithm is the general RSA one, since rpm
/// refuses the deprecated sign-only one. Keys of an earlier make are one RSA key for both; imported ones are what they
/// are. Creation times count whole seconds.
public final class SigningKey {
    private static final int RSA_BITS = 4096;
    private static final int DER_SEQUENCE = 0x30;
    private static final int DER_HEADER_BYTES = 4;

    private final PGPPublicKey primary;
    private final PGPKeyPair signer;
    private final byte[] secret;

    SigningKey(PGPPublicKey primary, PGPKeyPair signer, byte[] secret) {
        this.primary = primary;
        this.signer = signer;
        this.secret = secret;
    }

    /// New secret numbers: the key that certifies, then the one that signs, each in PKCS #8. Takes seconds of CPU, so
    /// that it is done ahead of need.
    public static byte[] newSecret() {
        var both = new ByteArrayOutputStream();
        both.writeBytes(newNumbers());
        both.writeBytes(newNumbers());
        return both.toByteArray();
    }

    private static byte[] newNumbers() {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(new RSAKeyGenParameterSpec(RSA_BITS, RSAKeyGenParameterSpec.F4));
            return generator.generateKeyPair().getPrivate().getEncoded();
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every JDK makes RSA keys", missing);
        }
    }

    /// The key of this secret: numbers with the creation time, which is part of the fingerprint, or the packets of an
    /// imported key, which know their own.
    public static SigningKey of(byte[] secret, Instant created) {
        try {
            if (secret[0] != DER_SEQUENCE) {
                return ImportedKey.reopened(secret);
            }
            List<PGPKeyPair> pairs = pairs(secret, created);
            PGPKeyPair signer = pairs.size() == 1 ? pairs.getFirst()
                : pairs.get(1).asSubkey(new JcaKeyFingerprintCalculator());
            return new SigningKey(pairs.getFirst().getPublicKey(), signer, secret.clone());
        } catch (GeneralSecurityException | PGPException damaged) {
            throw new IllegalStateException("a stored signing key is damaged", damaged);
        }
    }

    static List<PGPKeyPair> pairs(byte[] secret, Instant created) throws GeneralSecurityException,
        PGPException {
        var pairs = new ArrayList<PGPKeyPair>();
        for (byte[] numbers : numbers(secret)) {
            pairs.add(pair(numbers, Date.from(created.truncatedTo(ChronoUnit.SECONDS))));
        }
        return pairs;
    }

    /// One or two structures of PKCS #8, each with its length in two bytes after `30 82`.
    private static List<byte[]> numbers(byte[] secret) {
        var found = new ArrayList<byte[]>();
        for (int at = 0; at < secret.length; ) {
            int length = DER_HEADER_BYTES + ((secret[at + 2] & 0xff) << 8 | secret[at + 3] & 0xff);
            found.add(Arrays.copyOfRange(secret, at, at + length));
            at += length;
        }
        return found;
    }

    private static PGPKeyPair pair(byte[] numbers, Date created) throws GeneralSecurityException, PGPException {
        var factory = KeyFactory.getInstance("RSA");
        var privateKey = (RSAPrivateCrtKey) factory.generatePrivate(new PKCS8EncodedKeySpec(numbers));
        BigInteger modulus = privateKey.getModulus();
        var publicKey = factory.generatePublic(new RSAPublicKeySpec(modulus, privateKey.getPublicExponent()));
        return new JcaPGPKeyPair(PublicKeyPacket.VERSION_4, PGPPublicKey.RSA_GENERAL,
            new KeyPair(publicKey, privateKey), created);
    }

    /// What [#of] makes this key from; it never leaves the server unsealed.
    public byte[] secret() {
        return secret.clone();
    }

    /// Of the primary key: 40 upper-case hexadecimal digits.
    public String fingerprint() {
        return HexFormat.of().withUpperCase().formatHex(primary.getFingerprint());
    }

    /// Of the key that signs, which may be the primary one.
    public String signingFingerprint() {
        return HexFormat.of().withUpperCase().formatHex(signer.getPublicKey().getFingerprint());
    }

    /// The last 16 digits of the fingerprint.
    public String keyId() {
        return fingerprint().substring(24);
    }

    /// The public key of a secret made here, with a self-signed user id, ASCII armoured: what clients put under
    /// `signed-by`. The same secret, time and user id give the same text.
    public static String publicKey(byte[] secret, Instant created, String userId) {
        try {
            return Certificates.of(pairs(secret, created), userId);
        } catch (GeneralSecurityException | PGPException damaged) {
            throw new IllegalStateException("a stored signing key is damaged", damaged);
        }
    }

    @Override
    public String toString() {
        return "SigningKey(" + fingerprint() + ")";
    }

    PGPPublicKey signer() {
        return signer.getPublicKey();
    }

    PGPSignatureGenerator newGenerator(int signatureType) throws PGPException {
        return generator(signer, signatureType);
    }

    /// RSA of the JDK is quicker than that of Bouncy Castle, and Bouncy Castle's Ed25519 than that of the JDK.
    static PGPSignatureGenerator generator(PGPKeyPair by, int signatureType) throws PGPException {
        int algorithm = by.getPublicKey().getAlgorithm();
        PGPContentSignerBuilder builder = algorithm == PGPPublicKey.RSA_GENERAL
            ? new JcaPGPContentSignerBuilder(algorithm, HashAlgorithmTags.SHA512)
            : new BcPGPContentSignerBuilder(algorithm, HashAlgorithmTags.SHA512);
        var generator = new PGPSignatureGenerator(builder, by.getPublicKey());
        generator.init(signatureType, by.getPrivateKey());
        return generator;
    }
}
