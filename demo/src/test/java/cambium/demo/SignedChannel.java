package cambium.demo;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// A channel as small as apt accepts: one index, one signature by gpg, plain files. Stands for a ring's channel where
/// the server itself is not what is tested.
final class SignedChannel {
    private final Path root;
    private final Path gnupg;
    private final HttpServer server;

    SignedChannel(Path folder) throws IOException, InterruptedException {
        this.root = Files.createDirectories(folder.resolve("channel")).toRealPath();
        this.gnupg = Files.createDirectory(folder.resolve("gnupg"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        gpg("--quick-gen-key", "--passphrase", "", "channel@example.org", "ed25519", "sign", "0");
        Files.write(root.resolve("key.asc"), gpg("--armor", "--export"));
        this.server = SimpleFileServer.createFileServer(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), root, SimpleFileServer.OutputLevel.NONE);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /// From now on offers exactly these.
    void offer(List<Path> debs) throws IOException, InterruptedException {
        Path binary = Files.createDirectories(root.resolve("dists/bookworm/main/binary-amd64"));
        Files.createDirectories(root.resolve("pool"));
        var index = new StringBuilder();
        for (Path deb : debs) {
            Path file = root.resolve("pool").resolve(deb.getFileName());
            Files.write(file, Files.readAllBytes(deb));
            index.append(new String(run(List.of("dpkg-deb", "-f", file.toString())), StandardCharsets.UTF_8))
                    .append("Filename: pool/").append(deb.getFileName()).append("\nSize: ").append(Files.size(file))
                    .append("\nSHA256: ").append(sha256(file)).append("\n\n");
        }
        Path packages = Files.writeString(binary.resolve("Packages"), index);
        Path release = Files.writeString(root.resolve("dists/bookworm/Release"), """
                Suite: bookworm
                Codename: bookworm
                Date: %s
                Architectures: amd64
                Components: main
                SHA256:
                 %s %d main/binary-amd64/Packages
                """.formatted(DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC)),
                sha256(packages), Files.size(packages)));
        String signed = root.resolve("dists/bookworm/InRelease").toString();
        gpg("--yes", "--clearsign", "--output", signed, release.toString());
    }

    static String sha256(Path file) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private byte[] gpg(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("gpg", "--homedir", gnupg.toString(), "--batch", "--quiet"));
        command.addAll(List.of(arguments));
        return run(command);
    }

    private static byte[] run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        byte[] said = process.getInputStream().readAllBytes();
        if (process.waitFor() != 0) {
            throw new IOException(command + " failed");
        }
        return said;
    }

    void stop() throws IOException, InterruptedException {
        server.stop(0);
        new ProcessBuilder("gpgconf", "--homedir", gnupg.toString(), "--kill", "all").start().waitFor();
    }
}
