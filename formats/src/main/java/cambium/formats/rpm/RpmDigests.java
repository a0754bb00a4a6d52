package cambium.formats.rpm;

import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// All digests that a package states: over its header, over its payload as it stands in the file, over both, and over
/// the payload when expanded.
final class RpmDigests {
    private static final int MAX_SIGNATURES = 64;

    private final List<StatedDigest> header = new ArrayList<>();
    private final List<StatedDigest> payload = new ArrayList<>();
    private final List<StatedDigest> both = new ArrayList<>();
    private final List<StatedDigest> expanded = new ArrayList<>();
    private boolean expandedWhole;

    /// Takes the header's own bytes in at once; the payload's come by [#update].
    RpmDigests(RpmHeader signature, RpmHeader main) throws MalformedRpm {
        stated(header, "header", "SHA-1", signature.text(RpmTag.SIGNATURE_SHA1));
        stated(header, "header", "SHA-256", signature.text(RpmTag.SIGNATURE_SHA256));
        stated(header, "header", "SHA3-256", signature.text(RpmTag.SIGNATURE_SHA3));
        stated(both, "header and payload", "MD5", signature.bytes(RpmTag.SIGNATURE_MD5)
                .map(HexFormat.of()::formatHex));
        firstOfPayload(main);
        stated(payload, "payload", "SHA-512", main.text(RpmTag.PAYLOAD_SHA512));
        stated(payload, "payload", "SHA3-256", main.text(RpmTag.PAYLOAD_SHA3));
        stated(expanded, "expanded payload", "SHA-512", main.text(RpmTag.PAYLOAD_SHA512_EXPANDED));
        stated(expanded, "expanded payload", "SHA3-256", main.text(RpmTag.PAYLOAD_SHA3_EXPANDED));
        if (header.isEmpty() && both.isEmpty() || payload.isEmpty() && both.isEmpty()) {
            throw MalformedRpm.structure("the package states no digest of its header, or none of its payload");
        }
        byte[] bytes = main.bytes();
        header.forEach(one -> one.update(bytes, 0, bytes.length));
        both.forEach(one -> one.update(bytes, 0, bytes.length));
    }

    private static void stated(List<StatedDigest> digests, String part, String algorithm, Optional<String> hex)
            throws MalformedRpm {
        if (hex.isPresent()) {
            digests.add(new StatedDigest(part, algorithm, hex.get()));
        }
    }

    /// The digest that packages of every format state, of a kind that they name; rpm 6 adds others to it.
    private void firstOfPayload(RpmHeader main) throws MalformedRpm {
        if (!main.has(RpmTag.PAYLOAD_DIGEST)) {
            return;
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
        stated(expanded, "expanded payload", algorithm, alternative.stream().findFirst());
    }

    /// Bytes of the payload as they stand in the file.
    void update(byte[] bytes, int from, int length) {
        payload.forEach(one -> one.update(bytes, from, length));
        both.forEach(one -> one.update(bytes, from, length));
    }

    /// Bytes of the payload when expanded.
    void updateExpanded(byte[] bytes, int from, int length) {
        expanded.forEach(one -> one.update(bytes, from, length));
    }

    /// Says that all expanded bytes have been seen; without it their digests are not judged.
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
        for (List<StatedDigest> part : List.of(header, both, payload, expandedWhole ? expanded
                : List.<StatedDigest>of())) {
            for (StatedDigest one : part) {
                checked.add(one.checked());
            }
        }
        List<byte[]> signatures = listed(signature);
        signatures.addAll(signatures(signature, RpmTag.SIGNATURE_RSA, RpmTag.SIGNATURE_DSA));
        return new RpmProof(checked, signatures, signatures(signature, RpmTag.SIGNATURE_PGP, RpmTag.SIGNATURE_GPG));
    }

    private static List<byte[]> signatures(RpmHeader signature, int... tags) throws MalformedRpm {
        var found = new ArrayList<byte[]>();
        for (int tag : tags) {
            signature.bytes(tag).ifPresent(found::add);
        }
        return found;
    }

    /// The signatures of rpm 6, which a package of format 4 may have too; one of them usually stands in an older tag
    /// again, for older readers.
    private static List<byte[]> listed(RpmHeader signature) throws MalformedRpm {
        if (signature.count(RpmTag.SIGNATURE_OPENPGP) > MAX_SIGNATURES) {
            throw MalformedRpm.structure("the package has more than " + MAX_SIGNATURES + " signatures");
        }
        var found = new ArrayList<byte[]>();
        for (String text : signature.texts(RpmTag.SIGNATURE_OPENPGP)) {
            try {
                found.add(Base64.getDecoder().decode(text.replaceAll("\\s", "")));
            } catch (IllegalArgumentException broken) {
                throw MalformedRpm.structure("a signature of the package is not base64");
            }
        }
        return found;
    }
}
