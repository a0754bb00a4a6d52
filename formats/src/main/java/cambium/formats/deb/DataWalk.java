package cambium.formats.deb;

import cambium.formats.MigrationsFile;
import cambium.formats.deb.FileListing.PackagedFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Walks the names of a data archive and extracts nothing. All that dpkg unpacks may stand in it: links to anywhere,
/// devices, long names. Bounds: 200,000 entries and 16 MiB of names; beyond them the archive is left unlisted.
final class DataWalk {
    static final int MAX_ENTRIES = 200_000;
    static final int MAX_NAME_BYTES = 16 << 20;
    static final int MAX_COPYRIGHT_BYTES = 256 * 1024;
    private static final int MAX_EXTENSION_BYTES = 64 * 1024;
    private static final int BLOCK = 512;

    private final InputStream in;
    private final String copyrightPath;
    private final String migrationsPath;
    private final Set<String> seen = new HashSet<>();
    private final List<PackagedFile> files = new ArrayList<>();
    private Optional<String> copyright = Optional.empty();
    private Optional<String> migrations = Optional.empty();
    private Optional<String> longName = Optional.empty();
    private int entries;
    private long nameBytes;

    DataWalk(InputStream in, String packageName) {
        this.in = in;
        this.copyrightPath = "usr/share/doc/" + packageName + "/copyright";
        this.migrationsPath = MigrationsFile.path(packageName);
    }

    /// Reads to the end of the stream, so that its checksums are verified.
    FileListing walk() throws IOException {
        byte[] block = block();
        for (; !isZero(block); block = block()) {
            if (++entries > MAX_ENTRIES) {
                throw MalformedDeb.unlisted("the data archive has more than " + MAX_ENTRIES + " entries");
            }
            entry(DataHeader.parse(block));
        }
        byte[] bin = new byte[64 * 1024];
        while (in.read(bin) >= 0) {
            // Whatever stands behind the end, tar readers ignore it.
        }
        return new FileListing.Listed(files);
    }

    Optional<String> copyright() {
        return copyright;
    }

    Optional<String> migrations() {
        return migrations;
    }

    private void entry(DataHeader header) throws IOException {
        switch (header.type()) {
            case LONG_NAME -> longName = Optional.of(DataHeader.text(content(header, MAX_EXTENSION_BYTES)));
            case LONG_LINK -> content(header, MAX_EXTENSION_BYTES);
            case PAX -> longName = PaxRecords.path(content(header, MAX_EXTENSION_BYTES)).or(() -> longName);
            case FOLDER -> skip(named(header));
            case FILE, OTHER -> file(named(header));
        }
    }

    private DataHeader named(DataHeader header) {
        String name = longName.orElse(header.name());
        longName = Optional.empty();
        return new DataHeader(name, header.type(), header.size());
    }

    private void file(DataHeader header) throws IOException {
        String path = DataHeader.relative(header.name());
        nameBytes += path.length();
        if (nameBytes > MAX_NAME_BYTES) {
            throw MalformedDeb.unlisted("the data archive has more than " + MAX_NAME_BYTES + " bytes of names");
        }
        if (!path.isEmpty() && seen.add(path)) {
            files.add(new PackagedFile(path, header.size()));
        }
        if (path.equals(copyrightPath) && header.size() > 0 && header.size() <= MAX_COPYRIGHT_BYTES) {
            copyright = Optional.of(DataHeader.text(content(header, MAX_COPYRIGHT_BYTES)));
        } else if (path.equals(migrationsPath) && header.type() == DataHeader.Type.FILE
                && header.size() <= MigrationsFile.MAX_BYTES) {
            migrations = Optional.of(DataHeader.text(content(header, MigrationsFile.MAX_BYTES)));
        } else {
            if (path.equals(migrationsPath)) {
                migrations = Optional.of(MigrationsFile.unread("it is no plain file of at most "
                        + MigrationsFile.MAX_BYTES + " bytes"));
            }
            skip(header);
        }
    }

    private byte[] content(DataHeader header, int maxBytes) throws IOException {
        if (header.size() > maxBytes) {
            throw MalformedDeb.unlisted("the data archive has a name of more than " + maxBytes + " bytes");
        }
        byte[] bytes = in.readNBytes((int) header.size());
        if (bytes.length < header.size()) {
            throw endsEarly();
        }
        skip(-header.size() & BLOCK - 1);
        return bytes;
    }

    private void skip(DataHeader header) throws IOException {
        DataHeader.relative(header.name());
        if (header.size() > ArchivePart.DATA.maxBytes()) {
            throw ArchivePart.DATA.tooLong();
        }
        skip(header.size() + (-header.size() & BLOCK - 1));
    }

    private void skip(long bytes) throws IOException {
        byte[] bin = new byte[(int) Math.min(bytes, 64 * 1024)];
        for (long left = bytes; left > 0; ) {
            int count = in.read(bin, 0, (int) Math.min(bin.length, left));
            if (count < 0) {
                throw endsEarly();
            }
            left -= count;
        }
    }

    private byte[] block() throws IOException {
        byte[] block = in.readNBytes(BLOCK);
        if (block.length < BLOCK) {
            throw endsEarly();
        }
        return block;
    }

    private static MalformedDeb endsEarly() {
        return MalformedDeb.structure("the data archive ends too early");
    }

    private static boolean isZero(byte[] bytes) {
        for (byte b : bytes) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }
}
