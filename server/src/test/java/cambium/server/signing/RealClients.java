package cambium.server.signing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The programs that judge signatures on real systems, at the time of this machine and a year later.
final class RealClients {
    private final Path folder;

    RealClients(Path folder) {
        this.folder = folder;
    }

    record Outcome(int status, String text) {}

    /// With a clock that runs so many days ahead.
    Outcome runAhead(int days, List<String> command) throws IOException, InterruptedException {
        var faked = new ArrayList<>(List.of("faketime", "-f", "+" + days + "d"));
        faked.addAll(command);
        return run(days == 0 ? command : faked);
    }

    Outcome run(List<String> command) throws IOException, InterruptedException {
        Path log = folder.resolve("log");
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("GNUPGHOME", home());
        Process process = builder.start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), command + " hangs");
        return new Outcome(process.exitValue(), Files.readString(log));
    }

    String succeed(String... command) throws IOException, InterruptedException {
        Outcome outcome = run(List.of(command));
        assertEquals(0, outcome.status(), outcome.text());
        return outcome.text();
    }

    String home() throws IOException {
        return Files.createDirectories(folder.resolve("home")).toString();
    }

    /// A binary keyring of an armoured key, as gpgv wants it.
    Path keyring(String armored) throws IOException, InterruptedException {
        Path keyring = folder.resolve("key.gpg");
        Files.deleteIfExists(keyring);
        Path text = Files.writeString(folder.resolve("key.asc"), armored);
        succeed("gpg", "--batch", "--yes", "-o", keyring.toString(), "--dearmor", text.toString());
        return keyring;
    }

    Outcome gpgv(int daysAhead, String armoredKey, byte[] signature, byte[] content) throws Exception {
        return runAhead(daysAhead, List.of("gpgv", "--status-fd", "1", "--keyring", keyring(armoredKey).toString(),
            Files.write(folder.resolve("signature"), signature).toString(),
            Files.write(folder.resolve("content"), content).toString()));
    }

    /// Reads a cleartext message and writes what it holds.
    Outcome gpgvClear(int daysAhead, String armoredKey, byte[] message, Path text) throws Exception {
        Files.deleteIfExists(text);
        return runAhead(daysAhead, List.of("gpgv", "--status-fd", "1", "--keyring", keyring(armoredKey).toString(),
            "-o", text.toString(), Files.write(folder.resolve("message"), message).toString()));
    }

    Outcome sqv(int daysAhead, String armoredKey, byte[] signature, byte[] content) throws Exception {
        return runAhead(daysAhead, List.of("sqv", "--keyring",
            Files.writeString(folder.resolve("key.asc"), armoredKey).toString(),
            Files.write(folder.resolve("signature"), signature).toString(),
            Files.write(folder.resolve("content"), content).toString()));
    }
}
