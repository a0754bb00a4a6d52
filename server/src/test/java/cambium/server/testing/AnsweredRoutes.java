package cambium.server.testing;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;

import cambium.server.http.Route;
import cambium.server.http.TrafficObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Notes what every server of a test has answered, as `GET /path 200` with the path as the description has it; in files
/// of one folder, since the tests of a run are several processes. [cambium.server.DescribedRoutesTest] asks at the end
/// whether any operation was never answered well. A route whose code is a test's own does not count.
public final class AnsweredRoutes implements TrafficObserver {
    private static final String PROCESS = Long.toString(ProcessHandle.current().pid());
    private static final Path FOLDER = Path.of("target", "answered-routes",
            System.getProperty("cambium.test.run", PROCESS));
    private static final Set<String> NOTED = new ConcurrentSkipListSet<>();

    private final Set<String> ours;

    AnsweredRoutes(List<Route> routes) {
        this.ours = routes.stream().filter(route -> !isOfTest(route))
                .map(route -> route.method() + " " + route.path()).collect(Collectors.toSet());
    }

    private static boolean isOfTest(Route route) {
        return route.handler().getClass().getProtectionDomain().getCodeSource().getLocation().getPath()
                .contains("test-classes");
    }

    @Override
    public void answered(String template, String method, int status, Duration took) {
        if (ours.contains(method + " " + template)) {
            note(method, template, status);
        }
    }

    /// What a server has answered that is not a [TestServer].
    public static void note(String method, String template, int status) {
        var line = method + " " + described(template) + " " + status;
        if (NOTED.add(line)) {
            keep(line);
        }
    }

    /// As the description writes the path of a route.
    public static String described(String template) {
        return template.replace("[.json]", "").replace("...}", "}");
    }

    private static synchronized void keep(String line) {
        try {
            Files.writeString(Files.createDirectories(FOLDER).resolve(PROCESS), line + "\n", CREATE, APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// By all processes of this run, up to now.
    public static Set<String> all() throws IOException {
        var lines = new TreeSet<String>();
        if (Files.isDirectory(FOLDER)) {
            try (Stream<Path> files = Files.list(FOLDER)) {
                for (var file : files.toList()) {
                    lines.addAll(Files.readAllLines(file));
                }
            }
        }
        return lines;
    }
}
