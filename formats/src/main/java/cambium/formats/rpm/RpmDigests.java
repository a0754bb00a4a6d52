package cambium.formats.rpm;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// All digests that a package states: over its header, over its payload as it stands in the file, over both, and over
/// the payload when expanded.
final class RpmDigests {
    private final List<StatedDigest> header = new ArrayList<>();
    private final List<StatedDigest> payload = new ArrayList<>();
    private final List<StatedDigest> both = new ArrayList<>();
    private final Optional<StatedDigest> expanded;
    private boolean expandedWhole;

    /// Takes the header's own bytes in at once; the payload's come by [#update].
    RpmDigests(RpmHeader signature, RpmHeader main) throws MalformedRpm {
        var sha1 = signature.text(RpmTag.SIGNATURE_SHA1);
        if (sha1.isPresent()) {
            header.add(new StatedDigest("header", "SHA-1", sha1.get()));
        }
        var sha256 = signature.text(RpmTag.SIGNATURE_SHA256);
        if (sha256.isPresent()) {
            header.add(new StatedDigest("header", "SHA-256", sha256.get()));
        }
        var md5 = signature.bytes(RpmTag.SIGNATURE_MD5);
        if (md5.isPresent()) {
            both.add(new StatedDigest("header and payload", "MD5", HexFormat.of().formatHex(md5.get())));
        }
        expanded = ofPayload(main);
        if (header.isEmpty() && both.isEmpty() || payload.isEmpty() && both.isEmpty()) {
            throw MalformedRpm.structure("the package states no digest of its header, or none of its payload");
        }
        byte[] bytes = main.bytes();
        header.forEach(one -> one.update(bytes, 0, bytes.length));
        both.forEach(one -> one.update(bytes, 0, bytes.length));
    }

    private Optional<StatedDigest> ofPayload(RpmHeader main) throws MalformedRpm {
        if (!main.has(RpmTag.PAYLOAD_DIGEST)) {
            return Optional.empty();
        }
        long number = main.number(RpmTag.PAYLOAD_DIGEST_ALGORITHM).orElse(8L);
        String algorithm = StatedDigest.algorithm(number).orElseThrow(() -> MalformedRpm.structure(
                "the payload's digest is of kind " + number + ", which is not known"));
        List<String> stated = main.texts(RpmTag.PAYLOAD_DIGEST);
        List<String> alternative = main.texts(RpmTag.PAYLOAD_DIGEST_EXPANDED);
        if (stated.size() != 1 || alternative.size() > 1) {
            throw MalformedRpm.structure("the package states several digests of its one payload");
        }
        payload.add(new StatedDigest("payload", algorithm, stated.getFirst()));
        return alternative.isEmpty() ? Optional.empty()
                : Optional.of(new StatedDigest("expanded payload", algorithm, alternative.getFirst()));
    }

    /// Bytes of the payload as they stand in the file.
    void update(byte[] bytes, int from, int length) {
        payload.forEach(one -> one.update(bytes, from, length));
        both.forEach(one -> one.update(bytes, from, length));
    }

    /// Bytes of the payload when expanded.
    void updateExpanded(byte[] bytes, int from, int length) {
        expanded.ifPresent(one -> one.update(bytes, from, length));
    }

    /// Says that all expanded bytes have been seen; without it their digest is not judged.
    void expandedWhole() {
        expandedWhole = true;
    }

    /// Judges them all; once, at the end.
    ///
    /// @param bothBytes header and payload
    RpmProof proof(RpmHeader signature, long bothBytes) throws MalformedRpm {
        var stated = signature.number(RpmTag.SIGNATURE_SIZE);
        if (stated.isEmpty()) {
            stated = signature.number(RpmTag.SIGNATURE_LONG_SIZE);
        }
        if (stated.isPresent() && stated.get() != bothBytes) {
            throw MalformedRpm.structure("the file holds " + bothBytes + " bytes of header and payload where its"
                    + " signature header says " + stated.get());
        }
        var checked = new ArrayList<String>();
        for (List<StatedDigest> part : List.of(header, both, payload)) {
            for (StatedDigest one : part) {
                checked.add(one.checked());
            }
        }
        if (expanded.isPresent() && expandedWhole) {
            checked.add(expanded.get().checked());
        }
        return new RpmProof(checked, signatures(signature, RpmTag.SIGNATURE_RSA, RpmTag.SIGNATURE_DSA),
                signatures(signature, RpmTag.SIGNATURE_PGP, RpmTag.SIGNATURE_GPG));
    }

    private static List<byte[]> signatures(RpmHeader signature, int... tags) throws MalformedRpm {
        var found = new ArrayList<byte[]>();
        for (int tag : tags) {
            signature.bytes(tag).ifPresent(found::add);
        }
        return found;
    }
}
