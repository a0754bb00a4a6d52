package cambium.formats.deb;

import cambium.formats.testing.ArBytes;
import cambium.formats.testing.TarBytes;
import cambium.formats.testing.TestDeb;

/// One entry of the catalogue: what is wrong, the bytes, and the answer they must get.
record HostileDeb(String name, byte[] deb, String code, String field) {
    static final String CONTROL = "Package: hello\nVersion: 1.0\nArchitecture: all\n";
    static final byte[] PAYLOAD = TestDeb.of("hello", "1.0", "all").payloadTar();

    static HostileDeb malformed(String name, byte[] deb) {
        return new HostileDeb(name, deb, "deb_malformed", "");
    }

    static HostileDeb corrupt(String name, byte[] deb) {
        return new HostileDeb(name, deb, "corrupt", "");
    }

    static HostileDeb tooLarge(String name, byte[] deb) {
        return new HostileDeb(name, deb, "too_large_expanded", "");
    }

    /// A .deb that is right but for the bytes of its control archive.
    static byte[] withControlMember(String suffix, byte[] member) {
        return new ArBytes().member("debian-binary", "2.0\n").member("control.tar" + suffix, member)
                .member("data.tar", PAYLOAD).toBytes();
    }

    static byte[] withTar(byte[] controlTar) {
        return withControlMember("", controlTar);
    }

    static byte[] withControl(byte[] control) {
        return withTar(new TarBytes().file("./control", control).toBytes());
    }

    static byte[] goodTar() {
        return new TarBytes().file("./control", CONTROL).toBytes();
    }

    @Override
    public String toString() {
        return name;
    }
}
