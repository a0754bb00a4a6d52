package cambium.server.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;

/// Lets the processes that tests start share what Java learns of its classes when the first of them ends: the later
/// ones start in less than half of the time. Java does so for jars only, so the folders of classes become jars once.
final class SharedClasses {
    private static final Path FOLDER = folder();
    /// Flags for `java`, the class path among them.
    static final List<String> FLAGS = List.of("-XX:+AutoCreateSharedArchive",
            "-XX:SharedArchiveFile=" + FOLDER.resolve("classes.jsa"), "-Xlog:disable", "-cp", classPath());

    private SharedClasses() {}

    private static String classPath() {
        var jars = new ArrayList<String>();
        for (var entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            jars.add(Files.isDirectory(Path.of(entry)) ? jarOf(entry, FOLDER.resolve(jars.size() + ".jar")) : entry);
        }
        return String.join(File.pathSeparator, jars);
    }

    private static String jarOf(String folder, Path jar) {
        int outcome = ToolProvider.findFirst("jar").orElseThrow().run(System.out, System.err,
                "--create", "--no-compress", "--no-manifest", "--file", jar.toString(), "-C", folder, ".");
        if (outcome != 0) {
            throw new IllegalStateException("cannot pack " + folder);
        }
        return jar.toString();
    }

    private static Path folder() {
        try {
            var folder = Files.createTempDirectory("cambium-classes-");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                for (var file : folder.toFile().listFiles()) {
                    file.delete();
                }
                folder.toFile().delete();
            }));
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
