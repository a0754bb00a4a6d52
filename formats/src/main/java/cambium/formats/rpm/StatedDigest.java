package cambium.formats.rpm;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/// A digest that a package states about a part of itself, computed again as the part goes by.
final class StatedDigest {
    private final String part;
    private final String stated;
    private final MessageDigest digest;

    /// @param statedHex in hexadecimal
    StatedDigest(String part, String algorithm, String statedHex) throws MalformedRpm {
        this.part = part + " " + algorithm;
        this.stated = statedHex.toLowerCase(Locale.ROOT);
        try {
            this.digest = MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException never) {
            throw new IllegalStateException(never);
        }
        if (!stated.matches("[0-9a-f]{" + 2 * digest.getDigestLength() + "}")) {
            throw MalformedRpm.structure("the " + this.part + " digest that the package states is not one");
        }
    }

    /// The name of one of OpenPGP's numbers for digests (RFC 9580, 9.5), which rpm uses.
    static Optional<String> algorithm(long number) {
        return switch ((int) Math.min(number, 255)) {
            case 1 -> Optional.of("MD5");
            case 2 -> Optional.of("SHA-1");
            case 8 -> Optional.of("SHA-256");
            case 9 -> Optional.of("SHA-384");
            case 10 -> Optional.of("SHA-512");
            case 11 -> Optional.of("SHA-224");
            case 12 -> Optional.of("SHA3-256");
            case 14 -> Optional.of("SHA3-512");
            default -> Optional.empty();
        };
    }

    void update(byte[] bytes, int from, int length) {
        digest.update(bytes, from, length);
    }

    /// What has been checked, or a refusal; call it once, at the end.
    String checked() throws MalformedRpm {
        if (!HexFormat.of().formatHex(digest.digest()).equals(stated)) {
            throw MalformedRpm.structure("the " + part + " digest does not hold: the package was changed or damaged");
        }
        return part;
    }
}
