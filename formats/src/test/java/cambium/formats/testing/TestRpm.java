package cambium.formats.testing;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/// Builds a real, installable rpm of format 4 or 6 in memory, without rpmbuild; equal calls give equal bytes.
public final class TestRpm {
    private static final int BUILD_TIME = 1_767_225_600;

    private final String name;
    private final String version;
    private final String release;
    private final String architecture;
    private final TreeMap<String, byte[]> files = new TreeMap<>();
    private final TreeSet<String> programs = new TreeSet<>();
    private final TreeSet<String> folders = new TreeSet<>();
    private final TreeSet<String> ghosts = new TreeSet<>();
    private final TreeMap<Integer, List<String[]>> relations = new TreeMap<>();
    private final List<String[]> changes = new ArrayList<>();
    private final List<Consumer<HeaderBytes>> edits = new ArrayList<>();
    private final List<Consumer<HeaderBytes>> signatureEdits = new ArrayList<>();
    private RpmPacking packing = RpmPacking.GZ;
    private UnaryOperator<byte[]> rawHeader = UnaryOperator.identity();
    private UnaryOperator<byte[]> rawSignature = UnaryOperator.identity();
    private byte[] payload = new byte[0];
    private boolean formatSix;
    private int epoch = -1;
    private String summary = "package of a test";
    private String description = "A package of a test.";

    private TestRpm(String name, String version, String release, String architecture) {
        this.name = name;
        this.version = version;
        this.release = release;
        this.architecture = architecture;
    }

    /// @param architecture `src` makes a source package
    public static TestRpm of(String name, String version, String release, String architecture) {
        return new TestRpm(name, version, release, architecture);
    }

    public TestRpm epoch(int number) {
        epoch = number;
        return this;
    }

    /// As rpm 6 builds packages.
    public TestRpm formatSix() {
        formatSix = true;
        return this;
    }

    public TestRpm summary(String text) {
        summary = text;
        return this;
    }

    public TestRpm description(String text) {
        description = text;
        return this;
    }

    /// @param dependency e.g. `libfoo` or `libfoo >= 1:2-3`
    public TestRpm requires(String dependency) {
        return relation(1049, dependency);
    }

    public TestRpm provides(String dependency) {
        return relation(1047, dependency);
    }

    public TestRpm conflicts(String dependency) {
        return relation(1054, dependency);
    }

    public TestRpm obsoletes(String dependency) {
        return relation(1090, dependency);
    }

    public TestRpm recommends(String dependency) {
        return relation(5046, dependency);
    }

    /// @param path absolute, e.g. `/usr/share/x`; of a source package a bare name
    public TestRpm file(String path, byte[] content) {
        files.put(path, content);
        return this;
    }

    public TestRpm file(String path, String content) {
        return file(path, content.getBytes(StandardCharsets.UTF_8));
    }

    public TestRpm program(String path, String content) {
        programs.add(path);
        return file(path, content);
    }

    public TestRpm folder(String path) {
        folders.add(path);
        return file(path, new byte[0]);
    }

    public TestRpm ghost(String path) {
        ghosts.add(path);
        return file(path, new byte[0]);
    }

    /// The newest first, as in a spec file.
    public TestRpm change(int time, String author, String text) {
        changes.add(new String[] {Integer.toString(time), author, text});
        return this;
    }

    public TestRpm packed(RpmPacking how) {
        packing = how;
        return this;
    }

    /// The last word on the main header, for what no other call can say; digests are computed afterwards.
    public TestRpm header(Consumer<HeaderBytes> edit) {
        edits.add(edit);
        return this;
    }

    /// Changes to the bytes of the main header; digests are computed afterwards.
    public TestRpm rawHeader(UnaryOperator<byte[]> edit) {
        rawHeader = edit;
        return this;
    }

    /// Changes to the bytes of the signature header, without its padding.
    public TestRpm rawSignature(UnaryOperator<byte[]> edit) {
        rawSignature = edit;
        return this;
    }

    /// The last word on the signature header, digests included.
    public TestRpm signature(Consumer<HeaderBytes> edit) {
        signatureEdits.add(edit);
        return this;
    }

    /// A payload in place of the files' own, already compressed.
    public TestRpm payload(byte[] bytes) {
        payload = bytes;
        return this;
    }

    public String fileName() {
        return name + "-" + version + "-" + release + "." + architecture + ".rpm";
    }

    public byte[] cpio() {
        var cpio = new CpioBytes();
        files.forEach((path, content) -> {
            if (formatSix && !ghosts.contains(path)) {
                cpio.numbered(files.headMap(path).size(), content);
            } else if (!ghosts.contains(path)) {
                cpio.file(path.startsWith("/") ? "." + path : path, mode(path), content);
            }
        });
        return cpio.trailer().toBytes();
    }

    public byte[] build() {
        byte[] expanded = cpio();
        byte[] packed = payload.length > 0 ? payload : packing.pack(expanded);
        HeaderBytes fields = HeaderBytes.main();
        identity(fields);
        relations(fields);
        files(fields);
        fields.text(1124, "cpio").texts(5092, List.of(hex("SHA-256", packed))).number(5093, 8)
                .texts(5097, List.of(hex("SHA-256", expanded)));
        if (formatSix) {
            six(fields, packed, expanded);
        }
        edits.forEach(edit -> edit.accept(fields));
        byte[] header = rawHeader.apply(fields.toBytes());
        return join(lead(), signature(header, packed, expanded.length), header, packed);
    }

    private void six(HeaderBytes fields, byte[] packed, byte[] expanded) {
        fields.number(5114, 6).text(5062, "utf-8").without(1028).without(1009)
                .longs(5008, files.values().stream().map(content -> (long) content.length).toList())
                .longs(5009, List.of(files.values().stream().mapToLong(content -> content.length).sum()))
                .longs(5112, List.of((long) packed.length)).longs(5113, List.of((long) expanded.length))
                .text(5121, hex("SHA-512", packed)).text(5122, hex("SHA-512", expanded))
                .text(5123, hex("SHA3-256", packed)).text(5124, hex("SHA3-256", expanded));
        if (!source()) {
            fields.text(5120, name + "-" + version + "-" + release);
        }
    }

    private boolean source() {
        return architecture.equals("src");
    }

    private byte[] lead() {
        var lead = ByteBuffer.allocate(96).putInt(0xedabeedb).put((byte) (formatSix ? 4 : 3)).put((byte) 0);
        lead.putShort((short) (source() ? 1 : 0)).putShort((short) 1);
        byte[] label = (name + "-" + version + "-" + release).getBytes(StandardCharsets.UTF_8);
        lead.put(label, 0, Math.min(65, label.length));
        return lead.putShort(76, (short) 1).putShort(78, (short) 5).array();
    }

    private byte[] signature(byte[] header, byte[] packed, int archiveBytes) {
        HeaderBytes fields = HeaderBytes.signature().text(269, hex("SHA-1", header)).text(273, hex("SHA-256", header))
                .number(1000, header.length + packed.length).bytes(1004, digest("MD5", join(header, packed)))
                .number(1007, archiveBytes);
        if (formatSix) {
            fields.without(269).without(1000).without(1004).without(1007).text(279, hex("SHA3-256", header))
                    .bytes(999, new byte[4096]);
        }
        signatureEdits.forEach(edit -> edit.accept(fields));
        byte[] bytes = rawSignature.apply(fields.toBytes());
        return join(bytes, new byte[-bytes.length & 7]);
    }

    private void identity(HeaderBytes fields) {
        fields.texts(100, List.of("C")).text(1000, name).text(1001, version).text(1002, release)
                .localised(1004, summary).localised(1005, description).number(1006, BUILD_TIME)
                .text(1007, "build.example.org").text(1011, "Example").text(1014, "MIT")
                .text(1015, "Test <test@example.org>").localised(1016, "Unspecified")
                .text(1020, "https://example.org/").text(1021, "linux").text(1064, "4.18.0")
                .text(1022, source() ? "x86_64" : architecture).text(1125, packing.compressor()).text(1126, "9");
        if (packing == RpmPacking.NONE) {
            fields.without(1125);
        }
        if (epoch >= 0) {
            fields.number(1003, epoch);
        }
        if (source()) {
            fields.number(1106, 1);
        } else {
            fields.text(1044, name + "-" + version + "-" + release + ".src.rpm");
        }
        fields.ints(1080, changes.stream().map(change -> Integer.valueOf(change[0])).toList());
        fields.texts(1081, changes.stream().map(change -> change[1]).toList());
        fields.texts(1082, changes.stream().map(change -> change[2]).toList());
    }

    private TestRpm relation(int tag, String dependency) {
        relations.computeIfAbsent(tag, _ -> new ArrayList<>()).add(dependency.split(" "));
        return this;
    }

    private void relations(HeaderBytes fields) {
        var all = new TreeMap<>(relations);
        var provides = new ArrayList<>(all.getOrDefault(1047, List.of()));
        String evr = (epoch >= 0 ? epoch + ":" : "") + version + "-" + release;
        if (!source()) {
            provides.add(new String[] {name, "=", evr});
            all.put(1047, provides);
        }
        all.forEach((tag, some) -> {
            fields.texts(tag, some.stream().map(one -> one[0]).toList());
            List<String> versions = some.stream().map(one -> one.length > 1 ? one[2] : "").toList();
            List<Integer> flags = some.stream().map(one -> one.length > 1 ? flags(one[1]) : 0).toList();
            switch (tag) {
                case 1047 -> fields.texts(1113, versions).ints(1112, flags);
                case 1049 -> fields.texts(1050, versions).ints(1048, flags);
                case 1054 -> fields.texts(1055, versions).ints(1053, flags);
                case 1090 -> fields.texts(1115, versions).ints(1114, flags);
                default -> fields.texts(5047, versions).ints(5048, flags);
            }
        });
    }

    private static int flags(String sign) {
        return switch (sign) {
            case "<" -> 2;
            case ">" -> 4;
            case "=" -> 8;
            case "<=" -> 10;
            default -> 12;
        };
    }

    private void files(HeaderBytes fields) {
        List<String> paths = List.copyOf(files.keySet());
        List<String> owners = paths.stream().map(_ -> "root").toList();
        var folderNames = new ArrayList<>(new TreeSet<>(paths.stream().map(TestRpm::folderOf).toList()));
        fields.texts(1117, paths.stream().map(path -> path.substring(folderOf(path).length())).toList())
                .texts(1118, folderNames)
                .ints(1116, paths.stream().map(path -> folderNames.indexOf(folderOf(path))).toList())
                .ints(1028, paths.stream().map(path -> files.get(path).length).toList())
                .shorts(1030, paths.stream().map(this::mode).toList())
                .shorts(1033, paths.stream().map(_ -> 0).toList())
                .ints(1034, paths.stream().map(_ -> BUILD_TIME).toList())
                .texts(1035, paths.stream().map(this::fileDigest).toList())
                .texts(1036, paths.stream().map(_ -> "").toList())
                .ints(1037, paths.stream().map(path -> ghosts.contains(path) ? 64 : 0).toList())
                .texts(1039, owners).texts(1040, owners)
                .ints(1045, paths.stream().map(_ -> -1).toList()).ints(1095, paths.stream().map(_ -> 1).toList())
                .ints(1096, paths.stream().map(path -> 1 + paths.indexOf(path)).toList())
                .texts(1097, paths.stream().map(_ -> "").toList()).number(5011, 8)
                .number(1009, files.values().stream().mapToInt(content -> content.length).sum());
    }

    private String fileDigest(String path) {
        return folders.contains(path) || ghosts.contains(path) ? "" : hex("SHA-256", files.get(path));
    }

    private int mode(String path) {
        return folders.contains(path) ? 0040755 : 0100000 | (programs.contains(path) ? 0755 : 0644);
    }

    private static String folderOf(String path) {
        return path.substring(0, path.lastIndexOf('/') + 1);
    }

    private static String hex(String algorithm, byte[] bytes) {
        return HexFormat.of().formatHex(digest(algorithm, bytes));
    }

    private static byte[] digest(String algorithm, byte[] bytes) {
        try {
            return MessageDigest.getInstance(algorithm).digest(bytes);
        } catch (NoSuchAlgorithmException never) {
            throw new IllegalStateException(never);
        }
    }

    private static byte[] join(byte[]... parts) {
        var out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
