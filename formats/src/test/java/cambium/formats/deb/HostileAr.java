package cambium.formats.deb;

import static cambium.formats.deb.HostileDeb.PAYLOAD;
import static cambium.formats.deb.HostileDeb.goodTar;
import static cambium.formats.deb.HostileDeb.malformed;

import cambium.formats.testing.ArBytes;
import cambium.formats.testing.TestDeb;
import java.util.Arrays;
import java.util.stream.Stream;

/// Row "ar" of the catalogue.
final class HostileAr {
    private static final byte[] GOOD = TestDeb.of("hello", "1.0", "all").build();

    private HostileAr() {}

    static Stream<HostileDeb> all() {
        return Stream.of(
                malformed("ar: empty file", new byte[0]),
                malformed("ar: wrong magic", ArBytes.withoutMagic().raw("!<arsh>\n").toBytes()),
                malformed("ar: thin archive", ArBytes.withoutMagic().raw("!<thin>\n").toBytes()),
                malformed("ar: magic alone", new ArBytes().toBytes()),
                malformed("ar: short magic", ArBytes.withoutMagic().raw("!<ar").toBytes()),
                malformed("ar: one byte of a header missing", Arrays.copyOf(GOOD, 8 + 59)),
                malformed("ar: negative size", withSize("-1")),
                malformed("ar: size that is no number", withSize("4x")),
                malformed("ar: size in hexadecimal", withSize("0x4")),
                malformed("ar: size with a sign", withSize("+4")),
                malformed("ar: empty size", withSize("")),
                malformed("ar: size with a blank before it", withSize(" 4")),
                malformed("ar: size over the rest of the file", withSize("9999999999")),
                malformed("ar: size of 2^63", withSize("9223372036854775808")),
                malformed("ar: odd size without its pad byte", oddWithoutPad()),
                malformed("ar: pad byte that is none", oddWithPad("x")),
                malformed("ar: pad byte missing at the end", oddWithPad("")),
                malformed("ar: BSD long name", new ArBytes().header("#1/300", "304").toBytes()),
                malformed("ar: table of long names", new ArBytes().member("//", "debian-binary/\n").toBytes()),
                malformed("ar: reference into a table of long names", new ArBytes().member("/0", "2.0\n").toBytes()),
                malformed("ar: symbol table", new ArBytes().member("/", "2.0\n").toBytes()),
                malformed("ar: NUL in a name", new ArBytes().member("debian-binary\0", "2.0\n").toBytes()),
                malformed("ar: control after data", start().member("data.tar", PAYLOAD)
                        .member("control.tar", goodTar()).toBytes()),
                malformed("ar: two control members", start().member("control.tar", goodTar())
                        .member("control.tar", goodTar()).member("data.tar", PAYLOAD).toBytes()),
                malformed("ar: control twice, the second behind data", whole().member("control.tar.gz", "x").toBytes()),
                malformed("ar: two data members", whole().member("data.tar", PAYLOAD).toBytes()),
                malformed("ar: a hundred thousand members", manyMembers()),
                malformed("ar: garbage of one byte behind", whole().raw("x").toBytes()),
                malformed("ar: garbage behind", whole().raw("garbage".repeat(20)).toBytes()),
                malformed("ar: a second archive behind", whole().raw(GOOD).toBytes()),
                malformed("ar: unknown member behind", whole().member("extra", "x").toBytes()),
                malformed("ar: data cut off", Arrays.copyOf(GOOD, GOOD.length - 2)));
    }

    static ArBytes start() {
        return new ArBytes().member("debian-binary", "2.0\n");
    }

    private static ArBytes whole() {
        return start().member("control.tar", goodTar()).member("data.tar", PAYLOAD);
    }

    private static byte[] withSize(String size) {
        return new ArBytes().header("debian-binary", size).raw("2.0\n").member("control.tar", goodTar())
                .member("data.tar", PAYLOAD).toBytes();
    }

    private static byte[] oddWithoutPad() {
        return start().header("_odd", "1").raw("x").member("control.tar", goodTar())
                .member("data.tar", PAYLOAD).toBytes();
    }

    private static byte[] oddWithPad(String pad) {
        return whole().header("_odd", "3").raw("xyz" + pad).toBytes();
    }

    private static byte[] manyMembers() {
        var archive = start();
        for (int i = 0; i < 100_000; i++) {
            archive.header("_x", "0");
        }
        return archive.toBytes();
    }
}
