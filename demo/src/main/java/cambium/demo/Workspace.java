package cambium.demo;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.stream.Stream;

/// The folder everything of one demo lives in, so that all of it can be found and removed.
///
/// @param root absolute, without symbolic links
record Workspace(Path root, boolean keep) {

    /// @throws IOException when the named folder holds something already, or none can be made
    static Workspace open(DemoOptions options) throws IOException {
        if (options.data().isEmpty()) {
            return new Workspace(Files.createTempDirectory("cambium-demo-").toRealPath(), options.keep());
        }
        Path named = Files.createDirectories(options.data().get()).toRealPath();
        try (Stream<Path> inside = Files.list(named)) {
            if (inside.findAny().isPresent()) {
                throw new IOException(named + " is not empty; the demo starts on a fresh folder");
            }
        }
        return new Workspace(named, options.keep());
    }

    Path server() {
        return root.resolve("server");
    }

    Path serverLog() {
        return root.resolve("server.log");
    }

    Path cells() {
        return root.resolve("cells");
    }

    Path packages() throws IOException {
        return Files.createDirectories(root.resolve("packages"));
    }

    void remove() throws IOException {
        if (keep) {
            return;
        }
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, IOException broken) throws IOException {
                Files.deleteIfExists(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
