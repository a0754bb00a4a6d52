package cambium.server.repository.rpm;

import cambium.formats.rpm.RpmPackage;
import cambium.formats.rpm.RpmProof;
import cambium.server.blob.BoundedInput;
import cambium.server.blob.StagedBlob;
import cambium.server.repository.format.PackagePolicy;
import cambium.server.repository.format.PackagePolicy.Signatures;
import cambium.server.signing.PackageSignature;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Holds what vouches for the bytes of an rpm against a policy. Signatures over the header are enough, since the header
/// states the payload's digest; only where there is none, those over header and payload are looked at.
final class RpmTrust {
    /// What one push may make this process verify.
    private static final int MOST_VERIFIED = 8;

    private final RpmPackage rpm;
    private final StagedBlob staged;

    RpmTrust(RpmPackage rpm, StagedBlob staged) {
        this.rpm = rpm;
        this.staged = staged;
    }

    Optional<String> objection(PackagePolicy policy) throws IOException {
        RpmProof proof = rpm.proof();
        if (policy.strongDigests() && !proof.strong()) {
            return Optional.of("states " + String.join(", ", proof.digests())
                + " only; this repository asks for SHA-256 or better of header and payload: build it with rpm 4.14 or "
                + "newer");
        }
        if (policy.signatures() == Signatures.ANY) {
            return Optional.empty();
        }
        if (!proof.signed()) {
            return Optional.of("is not signed, and this repository takes signed packages only");
        }
        var all = new ArrayList<>(proof.signatures());
        all.addAll(proof.legacySignatures());
        for (byte[] packets : all) {
            Optional<String> weakness = PackageSignature.read(packets).map(PackageSignature::weakness)
                .orElse(Optional.of("cannot be read"));
            if (weakness.isPresent()) {
                return weakness.map(why -> "has a signature that " + why);
            }
        }
        return policy.signatures() == Signatures.STRONG || isKnown(policy.packagerKeys()) ? Optional.empty()
            : Optional.of("is not signed by one of the " + policy.packagerKeys().size()
                + " package keys of this repository");
    }

    private boolean isKnown(List<String> keys) throws IOException {
        RpmProof proof = rpm.proof();
        boolean isHeaderSigned = !proof.signatures().isEmpty();
        List<PackageSignature> signatures = (isHeaderSigned ? proof.signatures() : proof.legacySignatures()).stream()
            .limit(MOST_VERIFIED).flatMap(packets -> PackageSignature.read(packets).stream()).toList();
        long end = isHeaderSigned ? rpm.headerRange().end() : rpm.sizes().file();
        try (InputStream in = new BufferedInputStream(staged.open())) {
            in.skipNBytes(rpm.headerRange().start());
            return PackageSignature.anyHolds(signatures, keys, new BoundedInput(in, end - rpm.headerRange().start()));
        }
    }
}
