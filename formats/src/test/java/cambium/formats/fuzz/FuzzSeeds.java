package cambium.formats.fuzz;

import cambium.formats.testing.ArBytes;
import cambium.formats.testing.Packing;
import cambium.formats.testing.RpmPacking;
import cambium.formats.testing.TarBytes;
import cambium.formats.testing.TestDeb;
import cambium.formats.testing.TestRpm;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/// Sound inputs from which fuzzing starts, one for each depth and packing.
public final class FuzzSeeds {
    private FuzzSeeds() {}

    /// Writes the seeds of `deb` or `rpm` into a folder.
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[1]);
        Files.createDirectories(folder);
        for (var seed : of(arguments[0]).entrySet()) {
            Files.write(folder.resolve("seed-" + seed.getKey()), seed.getValue());
        }
    }

    static TreeMap<String, byte[]> of(String target) {
        return target.equals("deb") ? deb() : rpm();
    }

    private static TreeMap<String, byte[]> deb() {
        var deb = TestDeb.of("hello", "1:1.0~rc1-1", "amd64").field("Depends", "libc6 (>= 2), a | b")
                .file("usr/bin/hello", "hello\n").script("conffiles", "/etc/hello\n");
        var seeds = new TreeMap<String, byte[]>();
        seeds.put("0-whole", seed(0, deb.packed(Packing.XZ, Packing.ZST).build()));
        seeds.put("0-whole-gz", seed(0, deb.packed(Packing.GZ, Packing.GZ).build()));
        seeds.put("0-signed", seed(0, new ArBytes().member("debian-binary", "2.0\n").member("_x", "x")
                .member("control.tar", deb.controlTar()).member("data.tar", deb.payloadTar()).toBytes()));
        seeds.put("1-control", seed(1, bytes(deb.controlText())));
        seeds.put("2-control-tar", seed(2, deb.controlTar()));
        seeds.put("2-pax", seed(2, new TarBytes().pax("path", "./control").file("x", deb.controlText()).toBytes()));
        seeds.put("4-data-tar", seed(4, deb.payloadTar()));
        seeds.put("4-data-pax", seed(4, new TarBytes().pax("path", "./a/b").file("x", "x")
                .entry("long", 'L', bytes("./c/d\0")).file("y", "y").toBytes()));
        for (Packing packing : Packing.values()) {
            seeds.put("3-control" + packing.suffix(), seed(3 | packing.ordinal() << 3, packing.pack(deb.controlTar())));
            seeds.put("5-data" + packing.suffix(), seed(5 | packing.ordinal() << 3, packing.pack(deb.payloadTar())));
        }
        seeds.put("6-dsc", seed(6, bytes("Format: 3.0 (quilt)\nSource: hello\nBinary: hello\nArchitecture: any\n"
                + "Version: 1.0-1\nChecksums-Sha256:\n " + "0".repeat(64) + " 12 hello_1.0.orig.tar.gz\nFiles:\n "
                + "0".repeat(32) + " 12 hello_1.0.orig.tar.gz\n")));
        seeds.put("7-versions", seed(7, bytes("1:1.0~rc1-1\n1:1.0-1+b1")));
        return seeds;
    }

    private static TreeMap<String, byte[]> rpm() {
        var rpm = TestRpm.of("hello", "1.0~rc1", "1.el9", "x86_64").epoch(1).requires("bash >= 5-1")
                .provides("(a or b)").conflicts("bye < 1:2").file("/usr/bin/hello", "hello\n").folder("/usr/share/h")
                .ghost("/var/h").change(1_767_000_000, "Ann", "- first\n\n- <second>");
        var source = TestRpm.of("hello", "1", "1", "src").file("hello.spec", "Name: hello\n");
        var small = TestRpm.of("a", "1", "1", "noarch").file("/a", "hello").folder("/b");
        var seeds = new TreeMap<String, byte[]>();
        seeds.put("0-whole", seed(0, rpm.packed(RpmPacking.XZ).build()));
        seeds.put("0-source", seed(0, source.packed(RpmPacking.NONE).build()));
        seeds.put("0-six", seed(0, TestRpm.of("six", "1", "1", "noarch").formatSix().file("/etc/six", "six").build()));
        seeds.put("1-header", seed(1, behindSignature(rpm.packed(RpmPacking.NONE))));
        seeds.put("1-source", seed(1, behindSignature(source)));
        seeds.put("3-cpio", seed(3, small.cpio()));
        seeds.put("3-numbered", seed(3, bytes("07070X00000000\0\0hello\0\0\0" + "07070X00000001\0\0"
                + "070701" + "00000000".repeat(11) + "0000000b" + "00000000" + "TRAILER!!!\0\0\0\0")));
        for (RpmPacking packing : List.of(RpmPacking.NONE, RpmPacking.GZ, RpmPacking.XZ, RpmPacking.LZMA)) {
            seeds.put("4-" + packing, seed(4 | packing.ordinal() << 3, packing.pack(small.cpio())));
        }
        seeds.put("5-zstd", seed(5, RpmPacking.ZSTD.pack(small.cpio())));
        seeds.put("6-cpio", seed(6, small.cpio()));
        seeds.put("7-versions", seed(7, bytes("1:1.0~rc1-1\n1.0^git1-1.el9")));
        return seeds;
    }

    /// Main header and payload, without what would hold them to their digests.
    private static byte[] behindSignature(TestRpm rpm) {
        byte[] whole = rpm.header(fields -> fields.without(5092).without(5093).without(5097)).build();
        ByteBuffer signature = ByteBuffer.wrap(whole, 96, 16).slice();
        int bytes = 16 + 16 * signature.getInt(8) + signature.getInt(12);
        return Arrays.copyOfRange(whole, 96 + bytes + (-bytes & 7), whole.length);
    }

    private static byte[] seed(int depth, byte[] rest) {
        byte[] seed = new byte[1 + rest.length];
        seed[0] = (byte) depth;
        System.arraycopy(rest, 0, seed, 1, rest.length);
        return seed;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
