package cambium.server.signing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.server.signing.Signatures.SignedText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Lets the real gpgv, sqv, gpg and rpm judge what we sign, now and a year ahead.
final class SignaturesTest {
    private static final Instant CREATED = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final Instant SIGNED = Instant.parse("2026-01-02T03:04:06Z");
    private static final String RELEASE =
        "Origin: acme\nDate: now\n- dash at start\n-----BEGIN trick\n\nLabel: 年輪\n";
    private static final List<Integer> DAYS_AHEAD = List.of(0, 365);
    private static byte[] secret;
    private static SigningKey key;
    private static String publicKey;
    private static SigningKey former;
    private static String formerPublicKey;

    @TempDir
    Path folder;

    private RealClients clients;

    @BeforeAll
    static void makeKeys() {
        secret = SigningKey.newSecret();
        key = SigningKey.of(secret, CREATED);
        publicKey = SigningKey.publicKey(secret, CREATED, "packages.example.org/acme/storefront");
        // As keys were made once: one RSA key for everything. Here the numbers of the other's signing key.
        byte[] numbers = java.util.Arrays.copyOf(secret, 4 + ((secret[2] & 0xff) << 8 | secret[3] & 0xff));
        former = SigningKey.of(numbers, CREATED.minusSeconds(1000));
        formerPublicKey = SigningKey.publicKey(numbers, CREATED.minusSeconds(1000), "acme/storefront <x@example.org>");
    }

    @BeforeEach
    void start() {
        clients = new RealClients(folder);
    }

    @Test
    void oneSignatureServesBothFilesForGpgvAndSqvNowAndInAYear() throws Exception {
        byte[] release = RELEASE.getBytes(UTF_8);
        SignedText signed = Signatures.text(List.of(key), release, SIGNED);
        assertTrue(new String(signed.clearSigned(), UTF_8).endsWith("\n\n" + new String(signed.detached(), UTF_8)));
        Path text = folder.resolve("text");
        for (int days : DAYS_AHEAD) {
            var clear = clients.gpgvClear(days, publicKey, signed.clearSigned(), text);
            assertEquals(0, clear.status(), clear.text());
            // version 4, RSA (1), SHA-512 (10), over text (01)
            assertTrue(clear.text().contains("VALIDSIG " + key.signingFingerprint() + " 2026-01-02"), clear.text());
            assertTrue(clear.text().contains(" 4 0 1 10 01 " + key.fingerprint()), clear.text());
            // gpgv adds a line end of its own where it found none before the signature.
            assertEquals(RELEASE, Files.readString(text).replaceAll("\n+$", "\n"));
            var apart = clients.gpgv(days, publicKey, signed.detached(), release);
            assertEquals(0, apart.status(), apart.text());
            var sequoia = clients.sqv(days, publicKey, signed.detached(), release);
            assertEquals(0, sequoia.status(), sequoia.text());
            assertEquals(key.fingerprint(), sequoia.text().strip());
        }
    }

    /// What apt hands to gpgv and sqv: the lines of the message joined by LF, without one at the end.
    @Test
    void aptsSplittingOfTheMessageGivesTheVeryFile() {
        SignedText signed = Signatures.text(List.of(key), RELEASE.getBytes(UTF_8), SIGNED);
        String message = new String(signed.clearSigned(), UTF_8);
        String body = message.substring(message.indexOf("\n\n") + 2,
            message.indexOf("\n-----BEGIN PGP SIGNATURE-----"));
        assertEquals(RELEASE, body.replaceAll("(?m)^- ", ""));
    }

    @Test
    void alteredTextFails() throws Exception {
        SignedText signed = Signatures.text(List.of(key), "Suite: bookworm\n".getBytes(UTF_8), SIGNED);
        String altered = new String(signed.clearSigned(), UTF_8).replace("bookworm", "bullseye");
        assertNotEquals(0, clients.gpgvClear(0, publicKey, altered.getBytes(UTF_8), folder.resolve("t")).status());
        byte[] other = "Suite: bullseye\n".getBytes(UTF_8);
        assertNotEquals(0, clients.gpgv(0, publicKey, signed.detached(), other).status());
        assertNotEquals(0, clients.sqv(0, publicKey, signed.detached(), other).status());
    }

    @Test
    void refusesTextThatTheTwoFormsWouldHashDifferently() {
        for (String text : List.of("no line end", "blank \n", "tab\t\nx\n", "carriage\r\n")) {
            assertThrows(IllegalStateException.class,
                () -> Signatures.text(List.of(key), text.getBytes(UTF_8), SIGNED), text);
        }
    }

    @Test
    void whoHasOneOfTwoKeysIsContentWithBothSignatures() throws Exception {
        byte[] release = RELEASE.getBytes(UTF_8);
        List<SigningKey> both = List.of(former, key);
        SignedText signed = Signatures.text(both, release, SIGNED);
        byte[] binary = Signatures.detached(both, release, SIGNED);
        for (String trusted : List.of(publicKey, formerPublicKey)) {
            assertEquals(0, clients.sqv(0, trusted, signed.detached(), release).status());
            assertEquals(0, clients.sqv(365, trusted, binary, release).status());
            for (byte[] signature : List.of(signed.detached(), binary)) {
                var outcome = clients.gpgv(0, trusted, signature, release);
                assertTrue(outcome.text().contains("GOODSIG") && outcome.text().contains("NO_PUBKEY"), outcome.text());
                assertTrue(!outcome.text().contains("BADSIG"), outcome.text());
            }
        }
        String joined = PublicKeys.joined(List.of(publicKey, formerPublicKey));
        assertEquals(0, clients.gpgv(0, joined, signed.detached(), release).status());
        assertEquals(0, clients.sqv(0, joined, signed.detached(), release).status());
        assertEquals(0, clients.gpgvClear(0, joined, signed.clearSigned(), folder.resolve("text")).status());
    }

    @Test
    void selfSignaturesAreStrongAndThePrimaryKeyOnlyCertifies() throws Exception {
        Path armored = Files.writeString(folder.resolve("key.asc"), publicKey);
        String packets = clients.succeed("gpg", "--batch", "--list-packets", armored.toString());
        assertTrue(packets.contains("version 4, algo 1, created " + CREATED.getEpochSecond()), packets);
        assertEquals(2, packets.split("pkey\\[0\\]: \\[4096 bits\\]", -1).length - 1, packets);
        assertEquals(3, packets.split("digest algo 10", -1).length - 1, packets);
        assertTrue(packets.contains("(key flags: 01)") && packets.contains("(key flags: 02)"), packets);
        for (int days : DAYS_AHEAD) {
            assertEquals(List.of(), KeyLint.of(publicKey, SIGNED.plusSeconds(days * 86_400L)));
            assertEquals(List.of(), KeyLint.of(formerPublicKey, SIGNED.plusSeconds(days * 86_400L)));
        }
    }

    @Test
    void rpmImportsTheKeysAndChecksAPackageAgainstThem() throws Exception {
        Path armored = Files.writeString(folder.resolve("key.asc"),
            PublicKeys.joined(List.of(publicKey, formerPublicKey)));
        String database = Files.createDirectory(folder.resolve("rpmdb")).toString();
        clients.succeed("rpmkeys", "--dbpath", database, "--import", armored.toString());
        String known = clients.succeed("rpm", "--dbpath", database, "-q", "gpg-pubkey");
        assertEquals(2, known.lines().count(), known);
        for (String[] signed : List.of(new String[] {"former", former.keyId()}, new String[] {"new", key.keyId()})) {
            Path rpm = TestRpm.signed(folder.resolve(signed[0]), clients, signed[0].equals("new")
                ? TestRpm.secretKey(secret, CREATED) : TestRpm.secretKey(former.secret(), CREATED.minusSeconds(1000)));
            for (int days : DAYS_AHEAD) {
                var checked = clients.runAhead(days, List.of("rpmkeys", "--dbpath", database, "-Kv", rpm.toString()));
                assertEquals(0, checked.status(), checked.text());
                assertTrue(checked.text().contains("V4 RSA/SHA512 Signature"), checked.text());
            }
        }
    }

    @Test
    void sameSecretAndTimeGiveTheSameKey() {
        assertEquals(key.fingerprint(), SigningKey.of(key.secret(), CREATED.plusMillis(100)).fingerprint());
        assertEquals(publicKey, SigningKey.publicKey(secret, CREATED, "packages.example.org/acme/storefront"));
        assertArrayEquals(secret, key.secret());
        assertEquals(key.fingerprint().substring(24), key.keyId());
        assertEquals(40, key.fingerprint().length());
        assertNotEquals(key.fingerprint(), key.signingFingerprint());
        assertEquals(former.fingerprint(), former.signingFingerprint());
        assertTrue(!key.toString().contains("BEGIN"));
    }
}
