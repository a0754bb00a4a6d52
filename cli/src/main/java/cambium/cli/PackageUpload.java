package cambium.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.function.LongConsumer;

/// One package file as multipart/form-data (RFC 7578), streamed from disk: memory does not grow with the file.
/// The boundary names the moment, so no file that was made before can hold it.
final class PackageUpload {
    private final Path file;
    private final long size;
    private final String boundary;
    private final byte[] head;
    private final byte[] tail;

    private PackageUpload(Path file, long size, String distributionId, Instant now) {
        this.file = file;
        this.size = size;
        this.boundary = "cambium-%d-%09d".formatted(now.getEpochSecond(), now.getNano());
        this.head = ("--" + boundary + "\r\nContent-Disposition: form-data; name=\"package[distro_version_id]\"\r\n\r\n"
                + distributionId + "\r\n--" + boundary
                + "\r\nContent-Disposition: form-data; name=\"package[package_file]\"; filename=\"" + filename(file)
                + "\"\r\nContent-Type: application/octet-stream\r\n\r\n").getBytes(StandardCharsets.UTF_8);
        this.tail = ("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8);
    }

    static PackageUpload of(Path file, String distributionId, Instant now) throws IOException {
        return new PackageUpload(file, Files.size(file), distributionId, now);
    }

    /// The server takes the name from the package itself; this one only helps a reader of its log.
    private static String filename(Path file) {
        return file.getFileName().toString().replaceAll("[^A-Za-z0-9.+~_-]", "_");
    }

    /// @param progress told how many bytes of the file have gone out, after each piece
    Api.Body body(LongConsumer progress) {
        return new Api.Body("multipart/form-data; boundary=" + boundary, head.length + size + tail.length,
                out -> writeTo(out, progress));
    }

    private void writeTo(OutputStream out, LongConsumer progress) throws IOException {
        out.write(head);
        long sent = 0;
        var piece = new byte[64 * 1024];
        try (InputStream in = open()) {
            for (int read = in.read(piece); read > 0; read = in.read(piece)) {
                sent += read;
                if (sent > size) {
                    throw new Api.UnreadableFile(file + " grew while it was being sent");
                }
                out.write(piece, 0, read);
                progress.accept(sent);
            }
        }
        if (sent < size) {
            throw new Api.UnreadableFile(file + " shrank while it was being sent");
        }
        out.write(tail);
    }

    private InputStream open() throws IOException {
        try {
            return Files.newInputStream(file);
        } catch (IOException unreadable) {
            throw new Api.UnreadableFile("cannot read " + file);
        }
    }
}
