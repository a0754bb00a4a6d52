package cambium.formats.deb;

import static cambium.formats.deb.HostileDeb.CONTROL;
import static cambium.formats.deb.HostileDeb.corrupt;
import static cambium.formats.deb.HostileDeb.goodTar;
import static cambium.formats.deb.HostileDeb.malformed;
import static cambium.formats.deb.HostileDeb.tooLarge;
import static cambium.formats.deb.HostileDeb.withControlMember;
import static cambium.formats.deb.HostileDeb.withTar;
import static java.nio.charset.StandardCharsets.UTF_8;

import cambium.formats.testing.Packing;
import cambium.formats.testing.TarBytes;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Row "tar" of the catalogue: the control archive.
final class HostileTar {
    private static final byte[] TEXT = CONTROL.getBytes(UTF_8);

    private HostileTar() {}

    static Stream<HostileDeb> all() {
        return Stream.concat(headers(), Stream.concat(entries(), paxAndEnds()));
    }

    private static Stream<HostileDeb> headers() {
        return Stream.of(
                malformed("tar: wrong checksum", withTar(flipped(goodTar(), 10))),
                malformed("tar: checksum that is no number", withTar(flipped(goodTar(), 149))),
                malformed("tar: unknown magic", altered(header -> TarBytes.put(header, 257, "xstar"))),
                malformed("tar: negative size in base 256", altered(header ->
                        Arrays.fill(header, 124, 136, (byte) 0xff))),
                malformed("tar: size in base 256 over 2^37", altered(header -> {
                    Arrays.fill(header, 124, 136, (byte) 0);
                    header[124] = (byte) 0x80;
                    header[130] = 0x40;
                })),
                malformed("tar: size that is no number", altered(header -> TarBytes.put(header, 124, "0000000009x"))),
                malformed("tar: empty size", altered(header -> TarBytes.put(header, 124, "            "))),
                tooLarge("tar: largest octal size for control", altered(header ->
                        TarBytes.put(header, 124, "77777777777\0"))),
                malformed("tar: size over the rest", altered(header -> TarBytes.put(header, 124, "00000077777\0"))),
                malformed("tar: NUL hides the rest of a name", altered(header ->
                        TarBytes.put(header, 0, "\0./control"))));
    }

    private static Stream<HostileDeb> entries() {
        return Stream.of(
                malformed("tar: hard link before its target", with("./x", '1')),
                malformed("tar: symbolic link out", with("./x", '2')),
                malformed("tar: character device", with("./x", '3')),
                malformed("tar: block device", with("./x", '4')),
                malformed("tar: pipe", with("./x", '6')),
                malformed("tar: sparse file", with("./x", 'S')),
                malformed("tar: volume header", with("./x", 'V')),
                malformed("tar: continuation of another volume", with("./x", 'M')),
                malformed("tar: unknown kind", with("./x", '\u00ff')),
                malformed("tar: GNU long name", withTar(new TarBytes().entry("././@LongLink", 'L',
                        ("x".repeat(2 << 20) + "\0").getBytes(UTF_8)).file("./control", CONTROL).toBytes())),
                malformed("tar: GNU long link", with("././@LongLink", 'K')),
                malformed("tar: absolute path", with("/control", '0')),
                malformed("tar: path upwards", with("./../x", '0')),
                malformed("tar: path upwards in the middle", with("./a/../control", '0')),
                malformed("tar: empty part of a path", with("./a//b", '0')),
                malformed("tar: line feed in a name", with("./a\nb", '0')),
                malformed("tar: empty name", with("", '0')),
                malformed("tar: name twice", withTar(new TarBytes().file("./a", "").file("./a", "")
                        .file("./control", CONTROL).toBytes())),
                malformed("tar: folder with content", withTar(new TarBytes().entry("./a/", '5', TEXT)
                        .file("./control", CONTROL).toBytes())),
                malformed("tar: twenty thousand empty entries", withControlMember(".gz", Packing.GZ.pack(many()))),
                malformed("tar: endless pax headers", withControlMember(".xz", Packing.XZ.pack(manyPax()))));
    }

    private static Stream<HostileDeb> paxAndEnds() {
        byte[] good = goodTar();
        return Stream.of(
                malformed("tar: pax overrides the size", pax("size", "3")),
                malformed("tar: pax overrides the path", pax("path", "./control")),
                malformed("tar: pax overrides the link", pax("linkpath", "x")),
                malformed("tar: pax says the file is sparse", pax("GNU.sparse.major", "1")),
                malformed("tar: pax changes the character set", pax("hdrcharset", "BINARY")),
                tooLarge("tar: time of 300 thousand digits", pax("mtime", "1".repeat(300_000))),
                malformed("tar: pax length too long", rawPax("99 mtime=1\n")),
                malformed("tar: pax length too short", rawPax("5 mtime=1\n")),
                malformed("tar: pax length zero", rawPax("0 mtime=1\n")),
                malformed("tar: pax length negative", rawPax("-11 mtime=1\n")),
                malformed("tar: pax length over an int", rawPax("99999999999 mtime=1\n")),
                malformed("tar: pax without an equals sign", rawPax("10 mtime1\n")),
                malformed("tar: pax with an empty key", rawPax("5 =1\n")),
                malformed("tar: pax without a blank", rawPax("mtime")),
                malformed("tar: no end", withTar(new TarBytes().file("./control", CONTROL).unclosed())),
                malformed("tar: half an end", withTar(Arrays.copyOf(good, good.length - 512))),
                malformed("tar: lone zero block", withTar(new TarBytes().raw(new byte[512])
                        .file("./control", CONTROL).toBytes())),
                malformed("tar: something behind the end", withTar(new TarBytes().file("./control", CONTROL)
                        .raw(new byte[1024]).file("./postinst", "evil").toBytes())),
                malformed("tar: cut off in a file", withTar(Arrays.copyOf(good, 512 + 10))),
                malformed("tar: cut off in padding", withTar(Arrays.copyOf(good, 512 + 100))),
                malformed("tar: gzip inside gzip a hundredfold", withControlMember(".gz", nested())),
                corrupt("tar: plain tar under a compressed name", withControlMember(".gz", good)));
    }

    private static byte[] with(String name, char type) {
        return withTar(new TarBytes().file("./control", CONTROL).entry(name, type, new byte[0]).toBytes());
    }

    private static byte[] altered(Consumer<byte[]> alteration) {
        return withTar(new TarBytes().entry("./control", '0', 0644, TEXT, alteration).toBytes());
    }

    private static byte[] pax(String key, String value) {
        return withTar(new TarBytes().pax(key, value).file("./control", CONTROL).toBytes());
    }

    private static byte[] rawPax(String records) {
        return withTar(new TarBytes().entry("x", 'x', records.getBytes(UTF_8)).file("./control", CONTROL).toBytes());
    }

    private static byte[] flipped(byte[] tar, int at) {
        tar[at] ^= 0x40;
        return tar;
    }

    private static byte[] many() {
        var tar = new TarBytes().file("./control", CONTROL);
        for (int i = 0; i < 20_000; i++) {
            tar.file("./f" + i, "");
        }
        return tar.toBytes();
    }

    private static byte[] manyPax() {
        var tar = new TarBytes();
        for (int i = 0; i < 10_000; i++) {
            tar.entry("x", 'g', new byte[0]);
        }
        return tar.file("./control", CONTROL).toBytes();
    }

    private static byte[] nested() {
        byte[] inner = goodTar();
        for (int i = 0; i < 100; i++) {
            inner = Packing.GZ.pack(inner);
        }
        return inner;
    }
}
