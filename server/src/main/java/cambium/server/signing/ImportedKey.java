package cambium.server.signing;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPKeyPair;
import org.bouncycastle.openpgp.PGPPrivateKey;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPPublicKeyRing;
import org.bouncycastle.openpgp.PGPSecretKey;
import org.bouncycastle.openpgp.PGPSecretKeyRing;
import org.bouncycastle.openpgp.PGPUtil;
import org.bouncycastle.openpgp.jcajce.JcaPGPObjectFactory;
import org.bouncycastle.openpgp.operator.bc.BcPBESecretKeyDecryptorBuilder;
import org.bouncycastle.openpgp.operator.bc.BcPGPDigestCalculatorProvider;
import org.bouncycastle.openpgp.operator.jcajce.JcaKeyFingerprintCalculator;
import org.bouncycastle.openpgp.operator.jcajce.JcaPGPKeyConverter;
import org.bouncycastle.openpgp.operator.jcajce.JcaPGPPrivateKey;

/// The answer to someone's own secret key file: a key that signs, or why there is none. No message says anything of
/// what is secret.
public sealed interface ImportedKey {
    /// Larger files are refused; a key with many user ids and signatures has some tens of kilobytes.
    int MAX_BYTES = 256 << 10;

    /// `publicKey` is armoured; `findings` are warnings only.
    record Usable(SigningKey key, String publicKey, List<KeyFinding> findings) implements ImportedKey {}

    /// `findings` says more where the linter refuses the key.
    record Unusable(String code, String message, List<KeyFinding> findings) implements ImportedKey {
        private static Unusable because(String code, String message) {
            return new Unusable(code, message, List.of());
        }
    }

    /// Reads a secret key, armoured or not, as `gpg --export-secret-keys` writes it. An empty passphrase is that of a
    /// key without one. Refused is what a client would refuse at that instant or a year later.
    static ImportedKey read(byte[] file, char[] passphrase, Instant at) {
        if (file.length > MAX_BYTES) {
            return Unusable.because("key_too_large", "a key file has at most " + MAX_BYTES + " bytes");
        }
        try {
            Object first = new JcaPGPObjectFactory(PGPUtil.getDecoderStream(new ByteArrayInputStream(file)))
                .nextObject();
            return switch (first) {
                case PGPSecretKeyRing ring -> read(ring, passphrase, at);
                case PGPPublicKeyRing _ -> Unusable.because("key_public", "this is a public key; a secret one is "
                    + "needed, as gpg --export-secret-keys writes it");
                case null, default -> Unusable.because("key_malformed", "this is no OpenPGP secret key");
            };
        } catch (IOException | RuntimeException damaged) {
            return Unusable.because("key_malformed", "this is no OpenPGP secret key");
        }
    }

    private static ImportedKey read(PGPSecretKeyRing ring, char[] passphrase, Instant at) {
        PGPPublicKeyRing certificate = ring.toCertificate();
        var findings = new ArrayList<>(KeyLint.of(certificate, at));
        KeyLint.of(certificate, at.plus(Duration.ofDays(365))).stream()
            .filter(finding -> !findings.contains(finding)).forEach(findings::add);
        if (findings.stream().anyMatch(KeyFinding::isError)) {
            return new Unusable("key_refused", "some client refuses this key: " + findings.stream()
                .filter(KeyFinding::isError).findFirst().orElseThrow().message(), findings);
        }
        if (signer(ring, at).isEmpty()) {
            return Unusable.because("key_stub", "the secret part of the key that signs is not in the file");
        }
        try {
            var opened = PGPSecretKeyRing.copyWithNewPassword(ring,
                new BcPBESecretKeyDecryptorBuilder(new BcPGPDigestCalculatorProvider()).build(passphrase), null);
            SigningKey key = key(opened, signer(opened, at).orElseThrow());
            return new Usable(key, PublicKeys.publicKey(certificate).armored(), List.copyOf(findings));
        } catch (PGPException wrong) {
            return Unusable.because("wrong_passphrase", "the passphrase does not open this key");
        } catch (IOException never) {
            throw new IllegalStateException("memory cannot be written", never);
        }
    }

    /// The newest secret that may sign and is there; gpg leaves out the secret of a primary key that is kept elsewhere.
    private static Optional<PGPSecretKey> signer(PGPSecretKeyRing ring, Instant at) {
        return KeyLint.signers(ring.toCertificate(), at).stream().map(key -> ring.getSecretKey(key.getKeyID()))
            .filter(secret -> secret != null && !secret.isPrivateKeyEmpty()).findFirst();
    }

    /// The key in what [SigningKey#secret] gave: an open secret key ring, after the number of the key in it that signs.
    static SigningKey reopened(byte[] secret) {
        try {
            var ring = new PGPSecretKeyRing(Arrays.copyOfRange(secret, 1, secret.length),
                new JcaKeyFingerprintCalculator());
            var keys = new ArrayList<PGPSecretKey>();
            ring.forEach(keys::add);
            return key(ring, keys.get(secret[0]));
        } catch (IOException | PGPException damaged) {
            throw new IllegalStateException("a stored signing key is damaged", damaged);
        }
    }

    private static SigningKey key(PGPSecretKeyRing open, PGPSecretKey signer) throws PGPException, IOException {
        var secret = new ByteArrayOutputStream();
        var keys = new ArrayList<Long>();
        open.forEach(key -> keys.add(key.getKeyID()));
        secret.write(keys.indexOf(signer.getKeyID()));
        open.encode(secret);
        var pair = new PGPKeyPair(signer.getPublicKey(), quick(signer.getPublicKey(), signer.extractPrivateKey(null)));
        return new SigningKey(open.getPublicKey(), pair, secret.toByteArray());
    }

    private static PGPPrivateKey quick(PGPPublicKey key, PGPPrivateKey secret) throws PGPException {
        return key.getAlgorithm() == PGPPublicKey.RSA_GENERAL
            ? new JcaPGPPrivateKey(key, new JcaPGPKeyConverter().getPrivateKey(secret)) : secret;
    }
}
