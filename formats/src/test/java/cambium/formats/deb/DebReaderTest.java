package cambium.formats.deb;

import static cambium.formats.testing.Parsing.parsed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.formats.testing.ArBytes;
import cambium.formats.testing.Packing;
import cambium.formats.testing.TarBytes;
import cambium.formats.testing.TestDeb;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DebReaderTest {
    @ParameterizedTest
    @EnumSource(Packing.class)
    void readsEveryPackingOfControlAndPayload(Packing packing) throws IOException {
        byte[] deb = TestDeb.of("hello", "1:2.0-3", "amd64").field("Depends", "libc6 (>= 2.31)")
                .script("postinst", "#!/bin/sh\n").file("usr/share/hello/text", "hello\n")
                .packed(packing, packing).build();

        DebPackage read = parsed(DebReader.read(new ByteArrayInputStream(deb)));

        assertEquals("hello", read.name());
        assertEquals(new DebVersion("1:2.0-3"), read.version());
        assertEquals("amd64", read.architecture());
        assertEquals(Optional.of("libc6 (>= 2.31)"), read.control().get("depends"));
        assertEquals("hello_2.0-3_amd64.deb", read.fileName());
    }

    @Test
    void readsEachControlPackingWithEachPayloadPacking() throws IOException {
        for (Packing control : Packing.values()) {
            for (Packing payload : Packing.values()) {
                byte[] deb = TestDeb.of("hello", "1.0", "all").packed(control, payload).build();
                assertEquals("hello", parsed(DebReader.read(new ByteArrayInputStream(deb))).name());
            }
        }
    }

    @Test
    void acceptsSignatureMembersAndSlashedNamesThatDpkgAccepts() throws IOException {
        var tar = TestDeb.of("hello", "1.0", "all");
        byte[] deb = new ArBytes().member("debian-binary/", "2.0\n").member("_early", "x")
                .member("control.tar/", tar.controlTar()).member("data.tar.bz2", "BZh9rest")
                .member("_gpgorigin", "signature").toBytes();

        assertEquals("hello", parsed(DebReader.read(new ByteArrayInputStream(deb))).name());
    }

    @Test
    void acceptsBlankLinesAroundTheOnlyParagraphAndHarmlessPaxRecords() throws IOException {
        byte[] control = new TarBytes().pax("mtime", "1700000000.5").folder("./")
                .file("control", "\nPackage: hello\nVersion: 1.0\nArchitecture: all\n\n\n").toBytes();
        byte[] deb = new ArBytes().member("debian-binary", "2.0\n").member("control.tar", control)
                .member("data.tar.lzma", new byte[] {0x5d, 0, 0, 1}).toBytes();

        assertEquals("hello", parsed(DebReader.read(new ByteArrayInputStream(deb))).name());
    }

    @Test
    void passesOnAFailureOfTheSourceInsteadOfBlamingTheContent() {
        byte[] deb = TestDeb.of("hello", "1.0", "all").packed(Packing.XZ, Packing.XZ).build();
        for (int healthy : new int[] {0, 7, 100, 200, deb.length - 1}) {
            var failed = assertThrows(IOException.class, () -> DebReader.read(new FailingStream(deb, healthy)));
            assertEquals("the disk is gone", failed.getMessage());
        }
    }

    @Test
    void readsFromStreamsThatGiveOneByteAtATime() throws IOException {
        byte[] deb = TestDeb.of("hello", "1.0", "all").packed(Packing.ZST, Packing.XZ).build();
        var slow = new InputStream() {
            private int at;

            @Override
            public int read() {
                return at < deb.length ? deb[at++] & 0xff : -1;
            }

            @Override
            public int read(byte[] into, int from, int length) {
                int b = read();
                into[from] = (byte) b;
                return b < 0 ? -1 : 1;
            }
        };
        assertTrue(parsed(DebReader.read(slow)).control().get("Maintainer").isPresent());
    }

    private static final class FailingStream extends InputStream {
        private final byte[] bytes;
        private final int healthy;
        private int at;

        FailingStream(byte[] bytes, int healthy) {
            this.bytes = bytes;
            this.healthy = healthy;
        }

        @Override
        public int read() throws IOException {
            if (at >= healthy) {
                throw new IOException("the disk is gone");
            }
            return bytes[at++] & 0xff;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            int b = read();
            into[from] = (byte) b;
            return 1;
        }
    }
}
