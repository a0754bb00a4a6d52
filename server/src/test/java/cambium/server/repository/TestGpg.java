package cambium.server.repository;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/// The gpg of this machine with a keyring of its own.
final class TestGpg {
    private final Path folder;

    TestGpg(Path folder) {
        this.folder = folder;
    }

    /// What it writes; it must succeed.
    byte[] run(String... arguments) throws IOException, InterruptedException {
        Path home = Files.createDirectories(folder.resolve("gnupg"));
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx------"));
        var command = new ArrayList<>(List.of("gpg", "--homedir", home.toString(), "--batch", "--quiet",
            "--passphrase", "", "--pinentry-mode", "loopback"));
        command.addAll(List.of(arguments));
        Path out = folder.resolve("gpg.out");
        Process process = new ProcessBuilder(command).redirectOutput(out.toFile())
            .redirectError(folder.resolve("gpg.err").toFile()).start();
        if (process.waitFor() != 0) {
            throw new AssertionError(command + "\n" + Files.readString(folder.resolve("gpg.err")));
        }
        return Files.readAllBytes(out);
    }

    /// A key of this kind, such as `rsa3072`, under this name.
    void make(String name, String kind) throws IOException, InterruptedException {
        run("--quick-generate-key", name + " <" + name + "@example.org>", kind, "sign", "never");
    }

    /// A signature apart from the bytes, by the key of that name.
    byte[] signed(String name, byte[] content, String... options) throws IOException, InterruptedException {
        var arguments = new ArrayList<>(List.of("--local-user", name));
        arguments.addAll(List.of(options));
        arguments.addAll(List.of("--detach-sign", "--output", "-",
            Files.write(folder.resolve("signed"), content).toString()));
        return run(arguments.toArray(String[]::new));
    }
}
