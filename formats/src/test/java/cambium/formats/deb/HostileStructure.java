package cambium.formats.deb;

import static cambium.formats.deb.HostileDeb.CONTROL;
import static cambium.formats.deb.HostileDeb.PAYLOAD;
import static cambium.formats.deb.HostileDeb.corrupt;
import static cambium.formats.deb.HostileDeb.goodTar;
import static cambium.formats.deb.HostileDeb.malformed;
import static cambium.formats.deb.HostileDeb.tooLarge;
import static cambium.formats.deb.HostileDeb.withControl;
import static cambium.formats.deb.HostileDeb.withControlMember;
import static cambium.formats.deb.HostileDeb.withTar;
import static java.nio.charset.StandardCharsets.UTF_8;

import cambium.formats.testing.ArBytes;
import cambium.formats.testing.TarBytes;
import java.util.stream.Stream;

/// Row "deb structure" of the catalogue.
final class HostileStructure {
    private HostileStructure() {}

    static Stream<HostileDeb> all() {
        return Stream.of(
                malformed("deb: debian-binary missing", new ArBytes().member("control.tar", goodTar())
                        .member("data.tar", PAYLOAD).toBytes()),
                malformed("deb: format 3.0", withFormat("3.0\n")),
                malformed("deb: format 0.939", withFormat("0.939000\n")),
                malformed("deb: format without a line feed", withFormat("2.0")),
                malformed("deb: empty debian-binary", withFormat("")),
                malformed("deb: debian-binary of 17 bytes", withFormat("2.0\n2.0\n2.0\n2.0\n\n")),
                malformed("deb: debian-binary of two lines", withFormat("2.0\n3.0\n")),
                malformed("deb: control.tar.bz2", withControlMember(".bz2", "BZh9".getBytes(UTF_8))),
                malformed("deb: control.tar.lzma", withControlMember(".lzma", new byte[] {0x5d, 0, 0})),
                malformed("deb: control.tar.exe", withControlMember(".exe", goodTar())),
                malformed("deb: control.tar.", withControlMember(".", goodTar())),
                malformed("deb: nothing behind debian-binary", HostileAr.start().toBytes()),
                malformed("deb: data missing", HostileAr.start().member("control.tar", goodTar()).toBytes()),
                malformed("deb: data of unknown compression", withPayload("data.tar.lz4", "x")),
                malformed("deb: data under another name", withPayload("payload.tar", "x")),
                corrupt("deb: data.tar.gz that is not gzip", withPayload("data.tar.gz", "x".repeat(600))),
                corrupt("deb: data.tar.xz that is not xz", withPayload("data.tar.xz", "x".repeat(600))),
                corrupt("deb: data.tar.zst that is not zstd", withPayload("data.tar.zst", "x".repeat(600))),
                corrupt("deb: data.tar.bz2 that is not bzip2", withPayload("data.tar.bz2", "x".repeat(600))),
                corrupt("deb: data.tar.lzma that is not lzma", withPayload("data.tar.lzma", "x".repeat(600))),
                corrupt("deb: data.tar that is not tar", withPayload("data.tar", "x".repeat(600))),
                corrupt("deb: empty data.tar.xz", withPayload("data.tar.xz", "")),
                tooLarge("deb: control over 1 MiB", withControl((CONTROL + "X: " + "y".repeat(1 << 20) + "\n")
                        .getBytes(UTF_8))),
                malformed("deb: no control file", withTar(new TarBytes().folder("./").file("./md5sums", "").toBytes())),
                malformed("deb: empty control archive", withTar(new TarBytes().toBytes())),
                malformed("deb: control archive of no bytes", withTar(new byte[0])),
                malformed("deb: control is a symbolic link", withEntry('2')),
                malformed("deb: control is a hard link", withEntry('1')),
                malformed("deb: control is a device", withEntry('3')),
                malformed("deb: control is a pipe", withEntry('6')),
                malformed("deb: control is a folder", withEntry('5')),
                malformed("deb: control is a folder by its name", withTar(new TarBytes()
                        .entry("./control/", '0', new byte[0]).toBytes())),
                malformed("deb: two control files", withTar(new TarBytes().file("./control", CONTROL)
                        .file("./control", CONTROL).toBytes())),
                malformed("deb: two control files, differently spelled", withTar(new TarBytes()
                        .file("./control", CONTROL).file("control", CONTROL).toBytes())));
    }

    private static byte[] withFormat(String format) {
        return new ArBytes().member("debian-binary", format).member("control.tar", goodTar())
                .member("data.tar", PAYLOAD).toBytes();
    }

    private static byte[] withPayload(String name, String content) {
        return HostileAr.start().member("control.tar", goodTar()).member(name, content).toBytes();
    }

    private static byte[] withEntry(char type) {
        return withTar(new TarBytes().entry("./control", type, new byte[0]).toBytes());
    }
}
