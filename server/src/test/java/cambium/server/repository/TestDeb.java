package cambium.server.repository;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;

/// Builds small .debs in memory, byte for byte the same for the same arguments. See deb(5).
public final class TestDeb {
    private static final int BLOCK = 512;

    private TestDeb() {}

    public static byte[] of(String name, String version, String architecture) {
        return of(name, version, architecture, "", "payload of " + name);
    }

    /// `more`: further lines of the control file, each ended. `payload`: the content of the one file in it.
    static byte[] of(String name, String version, String architecture, String more, String payload) {
        String control = "Package: " + name + "\nVersion: " + version + "\nArchitecture: " + architecture
            + "\nMaintainer: Tester <tester@example.org>\n" + more
            + "Description: a test of " + name + "\n made for one test only\n .\n and nothing else\n";
        return withControl(control, payload);
    }

    static byte[] withControl(String control, String payload) {
        var ar = new ByteArrayOutputStream();
        ar.writeBytes(ascii("!<arch>\n"));
        member(ar, "debian-binary", ascii("2.0\n"));
        member(ar, "control.tar.gz", gzip(tar("./control", control.getBytes(StandardCharsets.UTF_8))));
        member(ar, "data.tar.gz", gzip(tar("./usr/share/payload", ascii(payload))));
        return ar.toByteArray();
    }

    static String arHeader(String name, long size) {
        return "%-16s%-12d%-6d%-6d%-8s%-10d`\n".formatted(name, 0, 0, 0, "100644", size);
    }

    private static void member(ByteArrayOutputStream ar, String name, byte[] bytes) {
        ar.writeBytes(ascii(arHeader(name, bytes.length)));
        ar.writeBytes(bytes);
        if (bytes.length % 2 == 1) {
            ar.write('\n');
        }
    }

    private static byte[] tar(String name, byte[] content) {
        byte[] header = new byte[BLOCK];
        put(header, 0, name);
        put(header, 100, "0000644\0");
        put(header, 108, "0000000\0");
        put(header, 116, "0000000\0");
        put(header, 124, "%011o\0".formatted(content.length));
        put(header, 136, "00000000000\0");
        put(header, 148, "        ");
        header[156] = '0';
        put(header, 257, "ustar\00000");
        int sum = 0;
        for (byte b : header) {
            sum += b & 0xff;
        }
        put(header, 148, "%06o\0 ".formatted(sum));
        var out = new ByteArrayOutputStream();
        out.writeBytes(header);
        out.writeBytes(content);
        out.writeBytes(new byte[(BLOCK - content.length % BLOCK) % BLOCK + 2 * BLOCK]);
        return out.toByteArray();
    }

    private static byte[] gzip(byte[] bytes) {
        var out = new ByteArrayOutputStream();
        try (var gz = new GZIPOutputStream(out)) {
            gz.write(bytes);
        } catch (IOException never) {
            throw new UncheckedIOException(never);
        }
        return out.toByteArray();
    }

    private static void put(byte[] target, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(bytes, 0, target, at, bytes.length);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
