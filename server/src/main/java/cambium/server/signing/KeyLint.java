package cambium.server.signing;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.bcpg.SignatureSubpacketTags;
import org.bouncycastle.bcpg.sig.KeyFlags;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPPublicKeyRing;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentVerifierBuilderProvider;

/// Judges a public key as the strictest client would at some instant: apt with gpgv, apt with sqv, rpm with Sequoia's
/// policy. Looks at the algorithms and sizes of the primary key and of each key that signs, at the hashes of the
/// signatures that bind them, whether these hold, at expiry and at what each key may be used for.
public final class KeyLint {
    /// How long before its end a key is complained of.
    public static final Duration NOTICE = Duration.ofDays(90);

    private final PGPPublicKeyRing ring;
    private final Instant at;
    private final Set<KeyFinding> findings = new LinkedHashSet<>();
    private final List<PGPPublicKey> signers = new ArrayList<>();

    private KeyLint(PGPPublicKeyRing ring, Instant at) {
        this.ring = ring;
        this.at = at;
    }

    /// What is wrong with the key in this armoured text at that instant; empty when no client minds it.
    public static List<KeyFinding> of(String armoredPublicKey, Instant at) {
        return of(PublicKeys.ring(armoredPublicKey), at);
    }

    static List<KeyFinding> of(PGPPublicKeyRing ring, Instant at) {
        return List.copyOf(judged(ring, at).findings);
    }

    /// The keys that may sign at that instant, the newest below the primary one first, as gpg chooses.
    static List<PGPPublicKey> signers(PGPPublicKeyRing ring, Instant at) {
        return judged(ring, at).signers.stream().sorted(Comparator.comparing(PGPPublicKey::isMasterKey)
            .thenComparing(PGPPublicKey::getCreationTime, Comparator.reverseOrder())).toList();
    }

    private static KeyLint judged(PGPPublicKeyRing ring, Instant at) {
        var lint = new KeyLint(ring, at);
        lint.lint();
        return lint;
    }

    private void lint() {
        PGPPublicKey primary = ring.getPublicKey();
        findings.addAll(KeyStrength.of(primary, at));
        List<PGPSignature> selfSignatures = KeySignatures.ofPrimary(primary);
        Optional<PGPSignature> newest = KeySignatures.newest(selfSignatures, at);
        if (newest.isEmpty()) {
            findings.add(KeyFinding.error("no_self_signature",
                "no user id carries a valid signature of the key itself"));
        }
        newest.ifPresent(signature -> hash(signature, "the key's own signature"));
        if (KeySignatures.isRevoked(primary)) {
            findings.add(KeyFinding.error("revoked", "the key is revoked"));
        }
        time(primary, newest, "the key");
        newest.filter(KeyLint::maySign).ifPresent(_ -> signers.add(primary));
        for (PGPPublicKey key : ring) {
            if (key != primary && !key.isMasterKey()) {
                subkey(primary, key).ifPresent(signers::add);
            }
        }
        if (signers.isEmpty()) {
            findings.add(KeyFinding.error("cannot_sign", "neither the key nor a key below it may sign"));
        }
    }

    /// Judges a key below the primary one if it is there to sign; others are no business of ours.
    private Optional<PGPPublicKey> subkey(PGPPublicKey primary, PGPPublicKey subkey) {
        Optional<PGPSignature> binding = KeySignatures.newest(KeySignatures.bindings(primary, subkey), at);
        if (binding.isEmpty() || !maySign(binding.get()) || KeySignatures.isRevoked(subkey)) {
            return Optional.empty();
        }
        findings.addAll(KeyStrength.of(subkey, at));
        hash(binding.get(), "the signature that binds the signing key");
        time(subkey, binding, "the signing key");
        Optional<PGPSignature> back = back(primary, subkey, binding.get());
        if (back.isEmpty()) {
            findings.add(KeyFinding.error("no_back_signature", "the signing key has not signed back the primary key"));
            return Optional.empty();
        }
        hash(back.get(), "the signing key's own signature");
        return Optional.of(subkey);
    }

    private static Optional<PGPSignature> back(PGPPublicKey primary, PGPPublicKey subkey, PGPSignature binding) {
        try {
            for (PGPSignature embedded : KeySignatures.embedded(binding)) {
                embedded.init(new BcPGPContentVerifierBuilderProvider(), subkey);
                if (embedded.getSignatureType() == PGPSignature.PRIMARYKEY_BINDING
                        && embedded.verifyCertification(primary, subkey)) {
                    return Optional.of(embedded);
                }
            }
        } catch (PGPException | RuntimeException damaged) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    private void time(PGPPublicKey key, Optional<PGPSignature> about, String what) {
        Instant created = key.getCreationTime().toInstant();
        if (created.isAfter(at)) {
            findings.add(KeyFinding.error("from_the_future", what + " was made after " + at));
        }
        long seconds = about.filter(PGPSignature::hasSubpackets)
            .map(signature -> signature.getHashedSubPackets().getKeyExpirationTime()).orElse(0L);
        if (seconds == 0) {
            return;
        }
        Instant end = created.plusSeconds(seconds);
        if (!end.isAfter(at)) {
            findings.add(KeyFinding.error("expired", what + " expires at " + end));
        } else if (end.isBefore(at.plus(NOTICE))) {
            findings.add(KeyFinding.warning("expires_soon", what + " expires at " + end));
        }
    }

    private static boolean maySign(PGPSignature about) {
        return !about.hasSubpackets() || !about.getHashedSubPackets().hasSubpacket(SignatureSubpacketTags.KEY_FLAGS)
            || (about.getHashedSubPackets().getKeyFlags() & KeyFlags.SIGN_DATA) != 0;
    }

    private void hash(PGPSignature signature, String what) {
        if (signature.getVersion() < 4) {
            findings.add(KeyFinding.error("old_signature", what + " has version " + signature.getVersion()
                + "; apt and rpm ask for 4"));
        }
        HashStrength.weak(signature.getHashAlgorithm()).ifPresent(weak -> findings.add(KeyFinding.error("weak_hash",
            what + " is made with " + weak + ", which apt with sqv and rpm refuse")));
    }
}
