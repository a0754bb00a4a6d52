package cambium.server.repository;

import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.formats.testing.TestRpm;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/// The families that have indexes, for tests of what must hold for each. Packages go to `acme/shop`.
enum TestFamily {
    APT(RepositoryServer.BOOKWORM) {
        @Override
        byte[] file(String name, boolean isForAll) {
            return TestDeb.of(name, "1", isForAll ? "all" : "amd64");
        }

        @Override
        String filename(String name, boolean isForAll) {
            return name + "_1_" + (isForAll ? "all" : "amd64") + ".deb";
        }

        @Override
        String place() {
            return "debian/bookworm";
        }

        @Override
        List<String> check(RepositoryServer server) throws IOException, InterruptedException {
            return new ClosureChecker(server, "/acme/shop/debian").check("bookworm", "amd64");
        }

        @Override
        long growing(RepositoryServer server) {
            return number(server.http.get("/acme/shop/debian/dists/bookworm/Release").body(),
                Pattern.compile(" ([0-9]+) main/binary-amd64/Packages\n"));
        }
    },
    RPM("240") {
        @Override
        byte[] file(String name, boolean isForAll) {
            return TestRpm.of(name, "1", "1", isForAll ? "noarch" : "x86_64").file("/usr/share/" + name, name).build();
        }

        @Override
        String filename(String name, boolean isForAll) {
            return name + "-1-1." + (isForAll ? "noarch" : "x86_64") + ".rpm";
        }

        @Override
        String place() {
            return "el/9";
        }

        @Override
        List<String> check(RepositoryServer server) throws IOException, InterruptedException {
            return new RepodataChecker(server, "/acme/shop/el/9/x86_64").check();
        }

        /// Not the length of the compressed file, which shrinks where chunks merge.
        @Override
        long growing(RepositoryServer server) throws IOException, InterruptedException {
            Matcher primary = Pattern.compile("href=\"(repodata/[0-9a-f]+-primary.xml.gz)\"").matcher(
                server.http.get("/acme/shop/el/9/x86_64/repodata/repomd.xml").body());
            assertTrue(primary.find());
            byte[] gz = server.bytes("/acme/shop/el/9/x86_64/" + primary.group(1)).body();
            byte[] xml = new GZIPInputStream(new ByteArrayInputStream(gz)).readAllBytes();
            return number(new String(xml, StandardCharsets.UTF_8), Pattern.compile(" packages=\"([0-9]+)\""));
        }
    };

    private final String suite;

    TestFamily(String suite) {
        this.suite = suite;
    }

    abstract byte[] file(String name, boolean isForAll);

    abstract String filename(String name, boolean isForAll);

    /// Distribution and codename.
    abstract String place();

    /// The file names in the index, after a look at everything that its root names.
    abstract List<String> check(RepositoryServer server) throws IOException, InterruptedException;

    /// A number that the present root leads to and that grows with each package.
    abstract long growing(RepositoryServer server) throws IOException, InterruptedException;

    byte[] pushed(RepositoryServer server, String name, boolean isForAll) {
        byte[] file = file(name, isForAll);
        var answer = server.push("acme/shop", file, suite, "");
        if (answer.statusCode() != 201) {
            throw new AssertionError(answer.statusCode() + " " + answer.body());
        }
        return file;
    }

    byte[] pushed(RepositoryServer server, String name) {
        return pushed(server, name, false);
    }

    private static long number(String text, Pattern pattern) {
        Matcher found = pattern.matcher(text);
        if (!found.find()) {
            throw new AssertionError(text);
        }
        return Long.parseLong(found.group(1));
    }
}
