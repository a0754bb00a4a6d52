package cambium.demo;

import cambium.demo.storefront.Storefront;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.h2.Driver;

/// Builds the real .deb files of the example shop with `dpkg-deb`. The same sources give the same bytes:
/// file times, owners, modes and the order in the jar are fixed.
final class PackageBuilder {
    private static final Instant FILE_TIME = Instant.parse("2026-01-01T00:00:00Z");
    private static final long MAX_BUILD_SECONDS = 60;
    private static final String CLASSES = "cambium/demo/storefront";

    private final Path folder;

    /// @param folder where the packages and, while building, their trees are put
    PackageBuilder(Path folder) {
        this.folder = folder;
    }

    /// @throws IOException also when `dpkg-deb` is missing or refuses the tree; its own words are in the message
    Path build(ExamplePackage example) throws IOException {
        Path tree = folder.resolve("tree-" + example.version);
        Path home = tree.resolve("opt/storefront");
        jar(home.resolve("lib/storefront.jar"));
        copy(Path.of(location(Driver.class)), home.resolve("lib/h2.jar"));
        resource("storefront", home.resolve("bin/storefront"));
        resource(example.version + ".properties", home.resolve("etc/storefront.properties"));
        for (String name : example.regular) {
            resource("migrations/regular/" + name, home.resolve("migrations/regular/" + name));
        }
        for (String name : example.post) {
            resource("migrations/post/" + name, home.resolve("migrations/post/" + name));
        }
        Path control = tree.resolve("DEBIAN/control");
        Files.createDirectories(control.getParent());
        Files.writeString(control, control(example));
        settle(tree);
        Path deb = folder.resolve(example.filename());
        dpkgDeb(tree, deb);
        return deb;
    }

    private static String control(ExamplePackage example) {
        return """
                Package: %s
                Version: %s
                Architecture: all
                Maintainer: Cambium example <example@localhost>
                Depends: java25-runtime-headless | java-runtime-headless
                Section: web
                Priority: optional
                Description: small shop that shows how a product travels through a fleet
                 It answers on a port of its own, keeps its orders in a database file and
                 migrates that by itself.
                """.formatted(ExamplePackage.NAME, example.version);
    }

    private void jar(Path jar) throws IOException {
        Files.createDirectories(jar.getParent());
        Path origin = Path.of(location(Storefront.class));
        if (Files.isDirectory(origin)) {
            jar(jar, origin);
        } else {
            try (FileSystem zip = FileSystems.newFileSystem(origin, Map.of())) {
                jar(jar, zip.getPath("/"));
            }
        }
    }

    private static void jar(Path jar, Path root) throws IOException {
        try (OutputStream file = Files.newOutputStream(jar); var zip = new ZipOutputStream(file);
                Stream<Path> classes = Files.list(root.resolve(CLASSES))) {
            for (Path one : classes.sorted().toList()) {
                var entry = new ZipEntry(CLASSES + "/" + one.getFileName());
                entry.setTimeLocal(FILE_TIME.atOffset(ZoneOffset.UTC).toLocalDateTime());
                zip.putNextEntry(entry);
                Files.copy(one, zip);
                zip.closeEntry();
            }
        }
    }

    private static URI location(Class<?> type) {
        try {
            return type.getProtectionDomain().getCodeSource().getLocation().toURI();
        } catch (URISyntaxException malformed) {
            throw new IllegalStateException("a class was loaded from no file: " + type, malformed);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to.getParent());
        Files.copy(from, to);
    }

    private static void resource(String name, Path to) throws IOException {
        Files.createDirectories(to.getParent());
        try (InputStream in = PackageBuilder.class.getResourceAsStream("package/" + name)) {
            if (in == null) {
                throw new IllegalStateException("package/" + name + " is not in the jar");
            }
            Files.copy(in, to);
        }
    }

    /// Fixed times and modes, whatever the umask of whoever builds.
    private static void settle(Path tree) throws IOException {
        try (Stream<Path> all = Files.walk(tree)) {
            for (Path path : all.toList()) {
                boolean executable = Files.isDirectory(path) || path.getParent().endsWith("bin");
                Files.setPosixFilePermissions(path,
                        PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
                Files.setLastModifiedTime(path, FileTime.from(FILE_TIME));
            }
        }
    }

    private void dpkgDeb(Path tree, Path deb) throws IOException {
        var builder = new ProcessBuilder(List.of("dpkg-deb", "--root-owner-group", "-Zgzip", "-z1", "--build",
                tree.toString(), deb.toString())).redirectErrorStream(true);
        builder.environment().put("SOURCE_DATE_EPOCH", String.valueOf(FILE_TIME.getEpochSecond()));
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (!process.waitFor(MAX_BUILD_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IOException("dpkg-deb did not build " + deb.getFileName() + ": " + said.strip());
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("stopped while building " + deb.getFileName(), stopped);
        }
    }
}
