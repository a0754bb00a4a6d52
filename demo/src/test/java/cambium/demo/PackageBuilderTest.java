package cambium.demo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackageBuilderTest {
    @TempDir
    Path folder;

    @Test
    void givesTheSameBytesForTheSameSources() throws Exception {
        Path once = new PackageBuilder(Files.createDirectory(folder.resolve("once"))).build(ExamplePackage.SECOND);
        Path again = new PackageBuilder(Files.createDirectory(folder.resolve("again"))).build(ExamplePackage.SECOND);

        assertArrayEquals(Files.readAllBytes(once), Files.readAllBytes(again));
    }

    @Test
    void carriesTheProgramItsDatabaseAndItsMigrations() throws Exception {
        Path deb = new PackageBuilder(folder).build(ExamplePackage.SECOND);

        String files = run("dpkg-deb", "-c", deb.toString());
        for (String path : new String[] {
            "lib/storefront.jar", "lib/h2.jar", "bin/storefront", "etc/storefront.properties",
            "migrations/regular/0002-price-in-cents.sql", "migrations/post/0002-drop-price-in-euro.sql"}) {
            assertTrue(files.contains("./opt/storefront/" + path), path + " is missing in\n" + files);
        }
        assertEquals("storefront\n1.1.0\nall\n", run("dpkg-deb", "--show", "--showformat",
                "${Package}\\n${Version}\\n${Architecture}\\n", deb.toString()));
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        return said;
    }
}
