package cambium.server.signing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
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
import java.util.Date;
import java.util.HexFormat;
import org.bouncycastle.bcpg.ArmoredOutputStream;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.bcpg.PublicKeyPacket;
import org.bouncycastle.bcpg.sig.KeyFlags;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPKeyPair;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureGenerator;
import org.bouncycastle.openpgp.PGPSignatureSubpacketGenerator;
import org.bouncycastle.openpgp.operator.jcajce.JcaPGPContentSignerBuilder;
import org.bouncycastle.openpgp.operator.jcajce.JcaPGPKeyPair;

/// A repository's OpenPGP key: version 4, RSA with 4096 bits, self-signed with SHA-512, never expiring. The algorithm
/// is the general RSA one, since rpm refuses the deprecated sign-only one. Creation time counts whole seconds.
public final class SigningKey {
    private static final int RSA_BITS = 4096;

    private final PGPKeyPair pair;
    private final byte[] secret;

    private SigningKey(PGPKeyPair pair, byte[] secret) {
        this.pair = pair;
        this.secret = secret;
    }

    /// New secret numbers in PKCS #8. Takes seconds of CPU, so that it is done ahead of need.
    public static byte[] newSecret() {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(new RSAKeyGenParameterSpec(RSA_BITS, RSAKeyGenParameterSpec.F4));
            return generator.generateKeyPair().getPrivate().getEncoded();
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every JDK makes RSA keys", missing);
        }
    }

    /// The key of these secret numbers and this creation time, which is part of its fingerprint.
    public static SigningKey of(byte[] secret, Instant created) {
        try {
            var factory = KeyFactory.getInstance("RSA");
            var privateKey = (RSAPrivateCrtKey) factory.generatePrivate(new PKCS8EncodedKeySpec(secret));
            BigInteger modulus = privateKey.getModulus();
            var publicKey = factory.generatePublic(new RSAPublicKeySpec(modulus, privateKey.getPublicExponent()));
            var pair = new JcaPGPKeyPair(PublicKeyPacket.VERSION_4, PGPPublicKey.RSA_GENERAL,
                new KeyPair(publicKey, privateKey), Date.from(created.truncatedTo(ChronoUnit.SECONDS)));
            return new SigningKey(pair, secret.clone());
        } catch (GeneralSecurityException | PGPException damaged) {
            throw new IllegalStateException("a stored signing key is damaged", damaged);
        }
    }

    /// The secret numbers in PKCS #8; they never leave the server unsealed.
    public byte[] secret() {
        return secret.clone();
    }

    /// 40 upper-case hexadecimal digits.
    public String fingerprint() {
        return HexFormat.of().withUpperCase().formatHex(pair.getPublicKey().getFingerprint());
    }

    /// The last 16 digits of the fingerprint.
    public String keyId() {
        return fingerprint().substring(24);
    }

    /// The public key with a self-signed user id, ASCII armoured: what clients put under `signed-by`.
    public String publicKey(String userId) {
        try {
            PGPPublicKey certified = PGPPublicKey.addCertification(pair.getPublicKey(), userId, selfSignature(userId));
            var out = new ByteArrayOutputStream();
            try (var armored = ArmoredOutputStream.builder().clearHeaders().build(out)) {
                certified.encode(armored);
            }
            return out.toString(java.nio.charset.StandardCharsets.US_ASCII);
        } catch (PGPException | IOException broken) {
            throw new IllegalStateException("cannot certify a signing key", broken);
        }
    }

    private PGPSignature selfSignature(String userId) throws PGPException {
        var about = new PGPSignatureSubpacketGenerator();
        about.setSignatureCreationTime(true, pair.getPublicKey().getCreationTime());
        about.setIssuerFingerprint(false, pair.getPublicKey());
        about.setKeyFlags(true, KeyFlags.CERTIFY_OTHER | KeyFlags.SIGN_DATA);
        about.setPreferredHashAlgorithms(false,
            new int[] {HashAlgorithmTags.SHA512, HashAlgorithmTags.SHA384, HashAlgorithmTags.SHA256});
        PGPSignatureGenerator generator = newGenerator(PGPSignature.POSITIVE_CERTIFICATION);
        generator.setHashedSubpackets(about.generate());
        return generator.generateCertification(userId, pair.getPublicKey());
    }

    PGPPublicKey publicKey() {
        return pair.getPublicKey();
    }

    PGPSignatureGenerator newGenerator(int signatureType) throws PGPException {
        var builder = new JcaPGPContentSignerBuilder(pair.getPublicKey().getAlgorithm(), HashAlgorithmTags.SHA512);
        var generator = new PGPSignatureGenerator(builder, pair.getPublicKey());
        generator.init(signatureType, pair.getPrivateKey());
        return generator;
    }
}
