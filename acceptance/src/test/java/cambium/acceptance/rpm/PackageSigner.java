package cambium.acceptance.rpm;

import cambium.acceptance.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/// A packager with an OpenPGP key of his own, who signs rpms with `rpmsign`.
final class PackageSigner implements AutoCloseable {
    private static final String NAME = "Packager";
    private final Path home;

    private PackageSigner(Path home) {
        this.home = home;
    }

    /// The folder's path must be short: gpg keeps a socket in it.
    static PackageSigner create() throws IOException {
        var signer = new PackageSigner(Files.createTempDirectory("gpg-",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))));
        signer.run("gpg", "--batch", "--quiet", "--passphrase", "", "--quick-generate-key",
                NAME + " <packager@example.com>", "rsa3072", "sign", "never");
        return signer;
    }

    String publicKey() throws IOException {
        return run("gpg", "--batch", "--armor", "--export").out();
    }

    Path sign(Path rpm) throws IOException {
        run("rpmsign", "--define", "_gpg_name " + NAME, "--define", "__gpg /usr/bin/gpg", "--addsign", rpm.toString());
        return rpm;
    }

    private CommandRun run(String... command) throws IOException {
        return CommandRun.of(List.of(command), builder -> builder.environment().put("GNUPGHOME", home.toString()))
                .successful();
    }

    @Override
    public void close() throws IOException {
        run("gpgconf", "--kill", "all");
        run("rm", "-r", home.toString());
    }
}
