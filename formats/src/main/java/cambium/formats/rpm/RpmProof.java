package cambium.formats.rpm;

import java.util.List;

/// What vouches for the bytes of a package. Every digest that it states was computed again and holds; whether weak
/// ones are enough, and whether a signature is asked for, is a matter of policy and not decided here.
///
/// @param digests what was checked, e.g. `header SHA-256`, `header SHA-1`, `header and payload MD5`,
///     `payload SHA-256`, `payload SHA3-256`, `expanded payload SHA-256`, in the order of the file
/// @param signatures the OpenPGP signatures over the header (the list of rpm 6, and the RSA or DSA tag), unchecked
///     bytes; at most 66
/// @param legacySignatures the OpenPGP signatures over header and payload, as rpm before 4.20 made them in addition
public record RpmProof(List<String> digests, List<byte[]> signatures, List<byte[]> legacySignatures) {
    private static final List<String> STRONG = List.of("SHA-256", "SHA-384", "SHA-512", "SHA3-256", "SHA3-512");

    public RpmProof {
        digests = List.copyOf(digests);
        signatures = List.copyOf(signatures);
        legacySignatures = List.copyOf(legacySignatures);
    }

    /// Whether header and payload are both covered by SHA-256 or better. False for packages of rpm before 4.14
    /// (Enterprise Linux 7 and older), which state SHA-1 and MD5 only.
    public boolean strong() {
        return hasStrong("header") && hasStrong("payload");
    }

    private boolean hasStrong(String part) {
        return STRONG.stream().anyMatch(algorithm -> digests.contains(part + " " + algorithm));
    }

    public boolean signed() {
        return !signatures.isEmpty() || !legacySignatures.isEmpty();
    }
}
