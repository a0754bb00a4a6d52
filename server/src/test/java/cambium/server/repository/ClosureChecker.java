package cambium.server.repository;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.tukaani.xz.SingleXZInputStream;

/// Walks a signed root as a client could: every index it names in every form, by name and by hash, is there with its
/// size and digest, the forms decode to the same stanzas, and every package they name can be fetched and is right; the
/// same holds for sources, translations and patches.
final class ClosureChecker {
    private final RepositoryServer server;
    private final String root;

    /// `root`: below it are `dists` and `pool`, such as `/acme/shop/debian`.
    ClosureChecker(RepositoryServer server, String root) {
        this.server = server;
        this.root = root;
    }

    private record Entry(String sha256, long size) {}

    /// The file names of the packages of an architecture, in the order of the index.
    List<String> check(String codename, String architecture) throws IOException, InterruptedException {
        String dists = root + "/dists/" + codename + "/";
        String release = new String(fetched(dists + "Release"), StandardCharsets.UTF_8);
        String inRelease = new String(fetched(dists + "InRelease"), StandardCharsets.UTF_8);
        assertTrue(inRelease.contains(release), "InRelease and Release are of one generation");
        assertTrue(release.contains("\nAcquire-By-Hash: yes\n"));
        var entries = new TreeMap<String, Entry>();
        release.lines().filter(line -> line.startsWith(" ")).map(line -> line.strip().split(" +"))
            .forEach(parts -> entries.put(parts[2], new Entry(parts[0], Long.parseLong(parts[1]))));
        List<String> files = List.of();
        for (String raw : entries.keySet().stream().filter(path -> path.endsWith("/Packages")).toList()) {
            byte[] stanzas = index(dists, raw, entries.get(raw));
            byte[] gz = index(dists, raw + ".gz", entries.get(raw + ".gz"));
            byte[] xz = index(dists, raw + ".xz", entries.get(raw + ".xz"));
            assertArrayEquals(stanzas, new GZIPInputStream(new ByteArrayInputStream(gz)).readAllBytes(), raw);
            assertArrayEquals(stanzas, new SingleXZInputStream(new ByteArrayInputStream(xz)).readAllBytes(), raw);
            List<String> found = packages(new String(stanzas, StandardCharsets.UTF_8));
            files = raw.contains("binary-" + architecture + "/") ? found : files;
        }
        for (String path : entries.keySet()) {
            byte[] file = index(dists, path, entries.get(path));
            if (path.endsWith("/Sources")) {
                sources(new String(file, StandardCharsets.UTF_8));
            }
            if (path.endsWith(".diff/Index")) {
                String folder = path.substring(0, path.length() - "/Index".length());
                patches(dists + folder, new String(file, StandardCharsets.UTF_8),
                    entries.get(folder.substring(0, folder.length() - ".diff".length())));
            }
        }
        return files;
    }

    /// Every patch is there and is what the list says; the last leads to the index that the root names.
    private void patches(String folder, String list, Entry current) throws IOException, InterruptedException {
        assertTrue(list.startsWith("SHA256-Current: " + current.sha256() + " " + current.size() + "\n"), list);
        String[] parts = list.split("SHA256-[A-Za-z]+:\n");
        assertEquals(4, parts.length, list);
        List<String[]> patches = lines(parts[2]);
        List<String[]> downloads = lines(parts[3]);
        assertEquals(lines(parts[1]).size(), patches.size());
        for (int i = 0; i < downloads.size(); i++) {
            byte[] gz = fetched(folder + "/" + downloads.get(i)[2]);
            assertEquals(downloads.get(i)[0], sha256(gz));
            assertEquals(patches.get(i)[0],
                sha256(new GZIPInputStream(new ByteArrayInputStream(gz)).readAllBytes()));
        }
    }

    private static List<String[]> lines(String part) {
        return part.lines().map(line -> line.strip().split(" ")).toList();
    }

    private void sources(String stanzas) throws IOException, InterruptedException {
        for (String stanza : stanzas.isEmpty() ? new String[0] : stanzas.split("\n\n")) {
            String directory = stanza.lines().filter(line -> line.startsWith("Directory: ")).findFirst().orElseThrow()
                .substring("Directory: ".length());
            List<String> files = stanza.substring(stanza.indexOf("\nChecksums-Sha256:\n") + 19).lines()
                .takeWhile(line -> line.startsWith(" ")).toList();
            assertTrue(files.size() > 1, stanza);
            for (String[] file : lines(String.join("\n", files))) {
                byte[] bytes = fetched(root + "/" + directory + "/" + file[2]);
                assertEquals(file[0], sha256(bytes), file[2]);
                assertEquals(file[1], Integer.toString(bytes.length), file[2]);
            }
        }
    }

    private byte[] index(String dists, String path, Entry entry) throws IOException, InterruptedException {
        byte[] byName = fetched(dists + path);
        assertEquals(entry.size(), byName.length, path);
        assertEquals(entry.sha256(), sha256(byName), path);
        String folder = path.substring(0, path.lastIndexOf('/'));
        assertArrayEquals(byName, fetched(dists + folder + "/by-hash/SHA256/" + entry.sha256()), path);
        return byName;
    }

    private List<String> packages(String stanzas) throws IOException, InterruptedException {
        var files = new ArrayList<String>();
        for (String stanza : stanzas.isEmpty() ? new String[0] : stanzas.split("\n\n")) {
            var fields = new TreeMap<String, String>();
            stanza.lines().filter(line -> !line.startsWith(" ")).forEach(line ->
                fields.put(line.substring(0, line.indexOf(':')), line.substring(line.indexOf(':') + 1).strip()));
            String path = fields.get("Filename");
            byte[] deb = fetched(root + "/" + path);
            assertEquals(fields.get("Size"), Integer.toString(deb.length), path);
            assertEquals(fields.get("SHA256"), sha256(deb), path);
            files.add(path.substring(path.lastIndexOf('/') + 1));
        }
        return files;
    }

    /// Follows one redirect, as apt does.
    private byte[] fetched(String path) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = server.bytes(path);
        if (answer.statusCode() == 302) {
            answer = server.bytes(answer.headers().firstValue("Location").orElseThrow());
        }
        assertEquals(200, answer.statusCode(), path);
        return answer.body();
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException never) {
            throw new IllegalStateException(never);
        }
    }
}
