package cambium.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/// The files of one package as multipart/form-data (RFC 7578), streamed from disk: memory does not grow with them.
/// The boundary names the moment, so no file that was made before can hold it.
final class PackageUpload {
    private final String boundary;
    private final List<Part> parts;
    private final byte[] tail;

    private record Part(byte[] head, Path file, long size) {}

    private PackageUpload(String boundary, List<Part> parts) {
        this.boundary = boundary;
        this.parts = List.copyOf(parts);
        this.tail = ("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8);
    }

    static PackageUpload of(PackageFiles files, String distributionId, Instant now) throws IOException {
        String boundary = "cambium-%d-%09d".formatted(now.getEpochSecond(), now.getNano());
        var parts = new ArrayList<Part>();
        parts.add(part("--" + boundary + disposition("distro_version_id") + "\r\n\r\n" + distributionId + "\r\n--"
                + boundary, "package_file", files.main()));
        for (Path other : files.others()) {
            parts.add(part("\r\n--" + boundary, "source_files][", other));
        }
        return new PackageUpload(boundary, parts);
    }

    private static Part part(String before, String field, Path file) throws IOException {
        String head = before + disposition(field) + "; filename=\"" + filename(file)
                + "\"\r\nContent-Type: application/octet-stream\r\n\r\n";
        return new Part(head.getBytes(StandardCharsets.UTF_8), file, Files.size(file));
    }

    private static String disposition(String field) {
        return "\r\nContent-Disposition: form-data; name=\"package[" + field + "]\"";
    }

    /// The server takes the name from the package itself, but for any files and those of a source package, whose names
    /// it lets be made of these characters only.
    private static String filename(Path file) {
        return file.getFileName().toString().replaceAll("[^A-Za-z0-9.+~_-]", "_");
    }

    long size() {
        return parts.stream().mapToLong(Part::size).sum();
    }

    /// @param progress told how many bytes of the files have gone out, after each piece
    Api.Body body(LongConsumer progress) {
        long length = parts.stream().mapToLong(part -> part.head().length + part.size()).sum() + tail.length;
        return new Api.Body("multipart/form-data; boundary=" + boundary, length, out -> writeTo(out, progress));
    }

    private void writeTo(OutputStream out, LongConsumer progress) throws IOException {
        long before = 0;
        for (Part part : parts) {
            out.write(part.head());
            write(part, out, before, progress);
            before += part.size();
        }
        out.write(tail);
    }

    private static void write(Part part, OutputStream out, long before, LongConsumer progress) throws IOException {
        long sent = 0;
        var piece = new byte[64 * 1024];
        try (InputStream in = open(part.file())) {
            for (int read = in.read(piece); read > 0; read = in.read(piece)) {
                sent += read;
                if (sent > part.size()) {
                    throw new Api.UnreadableFile(part.file() + " grew while it was being sent");
                }
                out.write(piece, 0, read);
                progress.accept(before + sent);
            }
        }
        if (sent < part.size()) {
            throw new Api.UnreadableFile(part.file() + " shrank while it was being sent");
        }
    }

    private static InputStream open(Path file) throws IOException {
        try {
            return Files.newInputStream(file);
        } catch (IOException unreadable) {
            throw new Api.UnreadableFile("cannot read " + file);
        }
    }
}
