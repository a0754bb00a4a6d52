package cambium.server.signing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Reads keys that gpg has made, good ones and those that some client refuses.
final class ImportedKeyTest {
    private static final Instant AT = Instant.parse("2026-02-01T00:00:00Z");
    private static final byte[] RELEASE = "Suite: bookworm\n".getBytes(UTF_8);

    @TempDir
    Path folder;

    private static byte[] file(String name) {
        try (InputStream in = ImportedKeyTest.class.getResourceAsStream(name + ".asc")) {
            return in.readAllBytes();
        } catch (IOException broken) {
            throw new IllegalStateException(broken);
        }
    }

    private static ImportedKey read(String name, String passphrase) {
        return ImportedKey.read(file(name), passphrase.toCharArray(), AT);
    }

    private static ImportedKey.Usable usable(String name, String passphrase) {
        return assertInstanceOf(ImportedKey.Usable.class, read(name, passphrase));
    }

    private static ImportedKey.Unusable unusable(byte[] file, String passphrase) {
        return assertInstanceOf(ImportedKey.Unusable.class,
            ImportedKey.read(file, passphrase.toCharArray(), AT));
    }

    @ParameterizedTest
    @CsvSource({"with-subkey,correct horse,true", "without-primary,correct horse,true", "ed25519,'',false",
        "nistp256,'',false"})
    void signsWithAKeyOfGpgs(String name, String passphrase, boolean hasSubkey) throws Exception {
        ImportedKey.Usable imported = usable(name, passphrase);
        assertEquals(hasSubkey, !imported.key().fingerprint().equals(imported.key().signingFingerprint()));
        assertFalse(imported.publicKey().contains("PRIVATE"));
        SigningKey again = SigningKey.of(imported.key().secret(), AT);
        assertEquals(imported.key().signingFingerprint(), again.signingFingerprint());
        var signed = Signatures.text(List.of(again), RELEASE, AT);
        var clients = new RealClients(folder);
        for (int days : List.of(0, 365)) {
            var gpgv = clients.gpgv(days, imported.publicKey(), signed.detached(), RELEASE);
            assertEquals(0, gpgv.status(), gpgv.text());
            assertTrue(gpgv.text().contains("VALIDSIG " + again.signingFingerprint()), gpgv.text());
            var sqv = clients.sqv(days, imported.publicKey(), signed.detached(), RELEASE);
            assertEquals(0, sqv.status(), sqv.text());
        }
    }

    @ParameterizedTest
    @CsvSource({"sha1-self-signature,weak_hash", "dsa,dsa", "short-rsa,short_rsa", "expiring,expired",
        "certify-only,cannot_sign", "revoked,revoked", "secp256k1,unknown_curve"})
    void refusesWhatSomeClientRefusesNowOrInAYear(String name, String code) {
        ImportedKey.Unusable refused = unusable(file(name), "");
        assertEquals("key_refused", refused.code());
        assertTrue(refused.findings().stream().anyMatch(finding -> finding.isError() && finding.code().equals(code)),
            refused.toString());
    }

    @Test
    void warnsOfWhatEndsLater() {
        assertEquals(List.of("brainpool"), usable("brainpool", "").findings().stream().map(KeyFinding::code).toList());
        var expiring = KeyLint.of(PublicKeys.firstOf(file("expiring")).orElseThrow().armored(),
            Instant.parse("2026-11-01T00:00:00Z"));
        assertEquals(List.of("short_rsa", "expires_soon"), expiring.stream().map(KeyFinding::code).toList());
        assertFalse(expiring.stream().anyMatch(KeyFinding::isError));
    }

    @Test
    void saysWhatIsWrongWithTheFile() {
        assertEquals("wrong_passphrase", unusable(file("with-subkey"), "battery staple").code());
        assertEquals("wrong_passphrase", unusable(file("with-subkey"), "").code());
        assertEquals("key_public", unusable(file("public"), "").code());
        assertEquals("key_too_large", unusable(new byte[ImportedKey.MAX_BYTES + 1], "").code());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hello",
        "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nAAAA\n-----END PGP PRIVATE KEY BLOCK-----\n"})
    void saysWhatIsNoKeyAtAll(String text) {
        assertEquals("key_malformed", unusable(text.getBytes(UTF_8), "").code());
    }

    @Test
    void everyCutOrFlippedFileIsRefusedInWords() {
        byte[] whole = file("ed25519");
        for (int at = 0; at < whole.length; at += 3) {
            ImportedKey.read(java.util.Arrays.copyOf(whole, at), new char[0], AT);
            byte[] flipped = whole.clone();
            flipped[at] ^= 1;
            ImportedKey.read(flipped, new char[0], AT);
        }
    }

    @Test
    void aPublicKeyOfAnotherHasNothingSecret() {
        var key = PublicKeys.firstOf(file("with-subkey")).orElseThrow();
        assertTrue(key.armored().startsWith("-----BEGIN PGP PUBLIC KEY BLOCK-----"));
        assertEquals(key, PublicKeys.firstOf(file("public")).orElseThrow());
        assertEquals(key.keyId(), usable("with-subkey", "correct horse").key().keyId());
        assertTrue(PublicKeys.firstOf("hello".getBytes(UTF_8)).isEmpty());
        assertTrue(PublicKeys.firstOf(new byte[0]).isEmpty());
    }
}
