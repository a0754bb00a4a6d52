package cambium.server.repository;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/// A Debian source package of three files, made in memory; what is in the archives does not matter to a repository.
record TestSource(String name, String version, Map<String, byte[]> files) {

    static TestSource of(String name, String version) {
        String upstream = version.substring(0, version.lastIndexOf('-'));
        var files = new TreeMap<String, byte[]>();
        files.put(name + "_" + upstream + ".orig.tar.gz", ("the source of " + name + upstream).getBytes());
        files.put(name + "_" + version + ".debian.tar.xz", ("the packaging of " + name + version).getBytes());
        return new TestSource(name, version, files);
    }

    String dscName() {
        return name + "_" + version + ".dsc";
    }

    byte[] dsc() {
        var text = new StringBuilder("Format: 3.0 (quilt)\nSource: " + name + "\nBinary: " + name
            + "\nArchitecture: any\nVersion: " + version + "\nMaintainer: T <t@example.org>\n"
            + "Build-Depends: debhelper-compat (= 13)\n");
        list(text, "Checksums-Sha1", "SHA-1");
        list(text, "Checksums-Sha256", "SHA-256");
        list(text, "Files", "MD5");
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void list(StringBuilder text, String field, String algorithm) {
        text.append(field).append(":\n");
        files.forEach((file, bytes) -> text.append(' ').append(hex(algorithm, bytes)).append(' ').append(bytes.length)
            .append(' ').append(file).append('\n'));
    }

    private static String hex(String algorithm, byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
        } catch (NoSuchAlgorithmException never) {
            throw new IllegalStateException(never);
        }
    }

    TestForm form() {
        return form(files);
    }

    /// With other files than its own.
    TestForm form(Map<String, byte[]> sent) {
        var form = new TestForm().file(dsc()).field("package[distro_version_id]", RepositoryServer.BOOKWORM);
        sent.forEach((file, bytes) -> form.file("package[source_files][]", "filename=" + file, bytes));
        return form;
    }

    HttpResponse<String> push(RepositoryServer server) {
        return push(server, form());
    }

    static HttpResponse<String> push(RepositoryServer server, TestForm form) {
        return server.send(form.request(server.authorized("/api/v1/repos/acme/shop/packages.json")));
    }
}
