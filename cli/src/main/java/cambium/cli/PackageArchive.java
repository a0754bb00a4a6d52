package cambium.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/// Package files as one tar archive (ustar), streamed from disk: memory does not grow with them. Their names only help
/// a reader of the answer.
final class PackageArchive {
    private static final int BLOCK = 512;
    private static final int MAX_NAME_BYTES = 100;
    private static final String OCTAL_SIZE = "%011o\0";

    private final List<Member> members;

    private record Member(Path file, long size) {
        long padded() {
            return (size + BLOCK - 1) / BLOCK * BLOCK;
        }
    }

    private PackageArchive(List<Member> members) {
        this.members = List.copyOf(members);
    }

    /// The first of these files: at most so many, and of so many bytes unless the first is larger.
    static PackageArchive of(List<Path> files, int maxFiles, long maxBytes) throws IOException {
        var members = new ArrayList<Member>();
        long bytes = 0;
        for (Path file : files) {
            var member = new Member(file, Files.size(file));
            bytes += member.size();
            if (members.size() == maxFiles || bytes > maxBytes && !members.isEmpty()) {
                break;
            }
            members.add(member);
        }
        return new PackageArchive(members);
    }

    int count() {
        return members.size();
    }

    /// @param progress told how many files have gone out, after each
    Api.Body body(IntConsumer progress) {
        long length = members.stream().mapToLong(member -> BLOCK + member.padded()).sum() + 2 * BLOCK;
        return new Api.Body("application/x-tar", length, out -> {
            int sent = 0;
            for (Member member : members) {
                write(member, out);
                progress.accept(++sent);
            }
            out.write(new byte[2 * BLOCK]);
        });
    }

    private static void write(Member member, OutputStream out) throws IOException {
        out.write(header(member));
        try (InputStream in = Files.newInputStream(member.file())) {
            var piece = new byte[64 * 1024];
            long left = member.size();
            for (int read = in.read(piece); read > 0 && left >= 0; read = in.read(piece)) {
                left -= read;
                if (left >= 0) {
                    out.write(piece, 0, read);
                }
            }
            if (left != 0) {
                throw new Api.UnreadableFile(member.file() + " changed its size while it was being sent");
            }
        } catch (java.nio.file.FileSystemException unreadable) {
            throw new Api.UnreadableFile("cannot read " + member.file());
        }
        out.write(new byte[(int) (member.padded() - member.size())]);
    }

    private static byte[] header(Member member) {
        var header = new byte[BLOCK];
        byte[] name = member.file().getFileName().toString().getBytes(StandardCharsets.UTF_8);
        System.arraycopy(name, 0, header, 0, Math.min(name.length, MAX_NAME_BYTES));
        put(header, 100, "0000644\0");
        put(header, 108, "0000000\0");
        put(header, 116, "0000000\0");
        put(header, 124, OCTAL_SIZE.formatted(member.size()));
        put(header, 136, "00000000000\0");
        put(header, 148, "        ");
        header[156] = '0';
        put(header, 257, "ustar\0" + "00");
        int sum = 0;
        for (byte b : header) {
            sum += b & 0xff;
        }
        put(header, 148, "%06o\0 ".formatted(sum));
        return header;
    }

    private static void put(byte[] header, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }
}
