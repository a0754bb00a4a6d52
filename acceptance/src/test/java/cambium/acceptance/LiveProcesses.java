package cambium.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The processes of this machine that belong to a folder, read from /proc: those that name it in their arguments or
/// work inside it. A database's children name nothing, but work in its folder.
public final class LiveProcesses {
    private LiveProcesses() {}

    /// One line each: process number and arguments.
    public static List<String> of(Path folder) throws IOException {
        var found = new ArrayList<String>();
        try (var entries = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (var entry : entries) {
                var arguments = arguments(entry);
                if (!isSelf(entry) && (arguments.contains(folder.toString()) || worksInside(entry, folder))) {
                    found.add(entry.getFileName() + " " + arguments.strip());
                }
            }
        }
        return found;
    }

    private static boolean isSelf(Path entry) {
        return entry.getFileName().toString().equals(Long.toString(ProcessHandle.current().pid()));
    }

    private static String arguments(Path entry) {
        try {
            return new String(Files.readAllBytes(entry.resolve("cmdline")), UTF_8).replace('\0', ' ');
        } catch (IOException e) {
            return "";   // it has just ended
        }
    }

    private static boolean worksInside(Path entry, Path folder) {
        try {
            return Files.readSymbolicLink(entry.resolve("cwd")).startsWith(folder);
        } catch (IOException e) {
            return false;
        }
    }
}
