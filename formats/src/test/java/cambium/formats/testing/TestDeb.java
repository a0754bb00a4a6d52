package cambium.formats.testing;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/// Builds a real, installable .deb in memory; equal calls give equal bytes.
public final class TestDeb {
    private final Map<String, String> fields = new LinkedHashMap<>();
    private final TreeMap<String, byte[]> scripts = new TreeMap<>();
    private final TreeMap<String, byte[]> files = new TreeMap<>();
    private final TreeSet<String> folders = new TreeSet<>();
    private final TreeSet<String> programs = new TreeSet<>();
    private Packing controlPacking = Packing.GZ;
    private Packing payloadPacking = Packing.GZ;

    private TestDeb() {}

    public static TestDeb of(String name, String version, String architecture) {
        return new TestDeb().field("Package", name).field("Version", version).field("Architecture", architecture)
                .field("Maintainer", "Test <test@example.org>").field("Description", "package of a test");
    }

    /// Sets or replaces a field; the order is that of the first setting.
    public TestDeb field(String name, String value) {
        fields.put(name, value);
        return this;
    }

    public TestDeb without(String name) {
        fields.remove(name);
        return this;
    }

    /// A maintainer script such as `postinst`, or another file of the control archive.
    public TestDeb script(String name, String text) {
        scripts.put(name, text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /// @param path relative, e.g. `usr/share/x/y`
    public TestDeb file(String path, byte[] content) {
        files.put(path, content);
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
            folders.add(path.substring(0, slash + 1));
        }
        return this;
    }

    public TestDeb file(String path, String content) {
        return file(path, content.getBytes(StandardCharsets.UTF_8));
    }

    public TestDeb program(String path, String content) {
        programs.add(path);
        return file(path, content);
    }

    public TestDeb packed(Packing control, Packing payload) {
        controlPacking = control;
        payloadPacking = payload;
        return this;
    }

    public String controlText() {
        var text = new StringBuilder();
        fields.forEach((name, value) -> text.append(name).append(": ").append(value).append('\n'));
        return text.toString();
    }

    public byte[] controlTar() {
        var tar = new TarBytes().folder("./").file("./control", controlText());
        scripts.forEach((name, text) -> tar.file("./" + name, text, 0755));
        return tar.toBytes();
    }

    public byte[] payloadTar() {
        var tar = new TarBytes().folder("./");
        var paths = new TreeSet<>(folders);
        paths.addAll(files.keySet());
        for (String path : paths) {
            if (folders.contains(path)) {
                tar.folder("./" + path);
            } else {
                tar.file("./" + path, files.get(path), programs.contains(path) ? 0755 : 0644);
            }
        }
        return tar.toBytes();
    }

    public byte[] build() {
        return new ArBytes().member("debian-binary", "2.0\n")
                .member("control.tar" + controlPacking.suffix(), controlPacking.pack(controlTar()))
                .member("data.tar" + payloadPacking.suffix(), payloadPacking.pack(payloadTar())).toBytes();
    }
}
