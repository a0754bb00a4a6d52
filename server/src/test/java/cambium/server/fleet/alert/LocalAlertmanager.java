package cambium.server.fleet.alert;

import cambium.server.http.Json;
import cambium.server.testing.Eventually;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/// Debian's Alertmanager on a free port of this machine, asked with its own `amtool`.
public final class LocalAlertmanager implements AutoCloseable {
    private final Path folder;
    private final int port;
    private final String scheme;
    private final List<String> amtoolFlags;
    private Process process;

    private LocalAlertmanager(Path folder, String scheme, List<String> amtoolFlags) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.scheme = scheme;
        this.amtoolFlags = amtoolFlags;
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
    }

    /// Answers anybody.
    public static LocalAlertmanager start(Path folder) throws Exception {
        var started = new LocalAlertmanager(folder, "http", List.of());
        started.start("{}");
        return started;
    }

    /// @param web its web configuration, with TLS
    static LocalAlertmanager start(Path folder, String web, Path httpConfig) throws Exception {
        var started = new LocalAlertmanager(folder, "https", List.of("--http.config.file=" + httpConfig));
        started.start(web);
        return started;
    }

    private void start(String web) throws IOException {
        Files.writeString(folder.resolve("web.yml"), web);
        Files.writeString(folder.resolve("alertmanager.yml"), "route: {receiver: nobody}\n"
                + "receivers: [{name: nobody}]\n");
        restart();
    }

    void restart() throws IOException {
        process = new ProcessBuilder("prometheus-alertmanager", "--config.file=" + folder.resolve("alertmanager.yml"),
                "--storage.path=" + folder.resolve("data"), "--cluster.listen-address=",
                "--web.config.file=" + folder.resolve("web.yml"), "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true).redirectOutput(folder.resolve("log").toFile()).start();
        Eventually.holds("Alertmanager answers", () -> exit("config", "show") == 0);
    }

    void stop() throws InterruptedException {
        process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }

    public String address() {
        return scheme + "://127.0.0.1:" + port;
    }

    private ProcessBuilder amtool(List<String> arguments) {
        var command = new ArrayList<>(List.of("amtool", "--alertmanager.url=" + address()));
        command.addAll(amtoolFlags);
        command.addAll(arguments);
        return new ProcessBuilder(command).redirectErrorStream(true);
    }

    private int exit(String... arguments) throws Exception {
        var tool = amtool(List.of(arguments)).start();
        tool.getInputStream().readAllBytes();
        return tool.waitFor();
    }

    /// The whole answer about what fires now.
    public String alerts() throws Exception {
        var tool = amtool(List.of("alert", "query", "-o", "json")).start();
        var said = new String(tool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (tool.waitFor() != 0) {
            throw new IOException(said);
        }
        return said;
    }

    /// Names and subjects of what fires now, in order; twice the same would be twice there.
    public List<String> firing() throws Exception {
        var firing = new ArrayList<String>();
        for (var alert : Json.read(alerts().getBytes(StandardCharsets.UTF_8))) {
            var labels = alert.get("labels");
            var subject = new TreeSet<String>();
            for (var label : List.of("ring", "cell", "version")) {
                if (labels.has(label)) {
                    subject.add(label + "=" + labels.get(label).asText());
                }
            }
            firing.add(labels.get("alertname").asText() + subject);
        }
        firing.sort(null);
        return firing;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
