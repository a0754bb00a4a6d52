package cambium.server.signing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Lets the real gpgv judge what we sign.
final class SignaturesTest {
    private static final Instant CREATED = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final Instant SIGNED = Instant.parse("2026-01-02T03:04:06Z");
    private static SigningKey key;
    private static byte[] secret;

    @TempDir
    Path folder;

    @BeforeAll
    static void makeKey() {
        secret = SigningKey.newSecret();
        key = SigningKey.of(secret, CREATED);
    }

    private record Outcome(int status, String text) {}

    private Outcome run(List<String> command) throws IOException, InterruptedException {
        Path log = folder.resolve("log");
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
        assertTrue(process.waitFor(30, TimeUnit.SECONDS), "gpg hangs");
        return new Outcome(process.exitValue(), Files.readString(log));
    }

    private Path keyring() throws IOException, InterruptedException {
        Path armored = folder.resolve("key.asc");
        Path keyring = folder.resolve("key.gpg");
        Files.writeString(armored, key.publicKey("acme/storefront <x@example.org>"));
        Files.deleteIfExists(keyring);
        assertEquals(0, run(List.of("gpg", "--homedir", home(), "--batch", "--yes", "-o", keyring.toString(),
            "--dearmor", armored.toString())).status());
        return keyring;
    }

    private String home() throws IOException {
        return Files.createDirectories(folder.resolve("home")).toString();
    }

    private Outcome verifyClear(byte[] signed, Path text) throws IOException, InterruptedException {
        Path file = Files.write(folder.resolve("InRelease"), signed);
        Files.deleteIfExists(text);
        return run(List.of("gpgv", "--status-fd", "1", "--homedir", home(), "--keyring", keyring().toString(),
            "-o", text.toString(), file.toString()));
    }

    @Test
    void clearSignsWhatGpgvAccepts() throws Exception {
        String release = "Origin: acme\nDate: now\n- dash at start\n-----BEGIN trick\nblanks at the end   \n\nend\n";
        Path text = folder.resolve("text");
        byte[] signed = Signatures.clearSigned(key, release.getBytes(StandardCharsets.UTF_8), SIGNED);
        Outcome outcome = verifyClear(signed, text);
        assertEquals(0, outcome.status(), outcome.text());
        assertTrue(outcome.text().contains("VALIDSIG " + key.fingerprint() + " 2026-01-02"), outcome.text());
        // version 4, RSA (1), SHA-512 (10), over text (01)
        assertTrue(outcome.text().contains(" 4 0 1 10 01 " + key.fingerprint()), outcome.text());
        assertEquals(release.replace("end   \n", "end\n"), Files.readString(text));
    }

    @Test
    void keepsTextOutsideOfAscii() throws Exception {
        String release = "Label: größer\nDescription: 年輪\n";
        Path text = folder.resolve("text");
        byte[] signed = Signatures.clearSigned(key, release.getBytes(StandardCharsets.UTF_8), SIGNED);
        assertEquals(0, verifyClear(signed, text).status());
        assertEquals(release, Files.readString(text));
    }

    @Test
    void alteredTextFails() throws Exception {
        byte[] signed = Signatures.clearSigned(key, "Suite: bookworm\n".getBytes(StandardCharsets.UTF_8), SIGNED);
        String altered = new String(signed, StandardCharsets.UTF_8).replace("bookworm", "bullseye");
        assertNotEquals(0, verifyClear(altered.getBytes(StandardCharsets.UTF_8), folder.resolve("text")).status());
    }

    @Test
    void detachedSignatureIsAcceptedAndBoundToTheBytes() throws Exception {
        byte[] release = "Origin: acme\nSuite: bookworm\n".getBytes(StandardCharsets.UTF_8);
        Path file = Files.write(folder.resolve("Release"), release);
        Path signature = Files.write(folder.resolve("Release.gpg"), Signatures.detached(key, release, SIGNED));
        List<String> command = List.of("gpgv", "--homedir", home(), "--keyring", keyring().toString(),
            signature.toString(), file.toString());
        Outcome good = run(command);
        assertEquals(0, good.status(), good.text());
        Files.writeString(file, "Origin: mallory\n");
        assertNotEquals(0, run(command).status());
    }

    @Test
    void selfSignatureIsStrong() throws Exception {
        Path armored = Files.writeString(folder.resolve("key.asc"), key.publicKey("acme/storefront"));
        Outcome packets = run(List.of("gpg", "--homedir", home(), "--batch", "--list-packets", armored.toString()));
        assertEquals(0, packets.status());
        assertTrue(packets.text().contains("version 4, algo 1, created " + CREATED.getEpochSecond()), packets.text());
        assertTrue(packets.text().contains("pkey[0]: [4096 bits]"), packets.text());
        assertTrue(packets.text().contains("digest algo 10"), packets.text());
    }

    @Test
    void sameSecretAndTimeGiveTheSameKey() {
        assertEquals(key.fingerprint(), SigningKey.of(secret, CREATED.plusMillis(100)).fingerprint());
        assertEquals(key.fingerprint().substring(24), key.keyId());
        assertEquals(40, key.fingerprint().length());
    }
}
