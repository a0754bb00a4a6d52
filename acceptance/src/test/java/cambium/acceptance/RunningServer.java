package cambium.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/// The packaged server as a process of its own, started by `./cambium serve` as an operator starts it, on a free port
/// of the loopback interface. Its output is kept, and shown by every complaint of this class.
public final class RunningServer implements AutoCloseable {
    public static final String TOKEN = "0123456789abcdef0123456789abcdef0123456789abcdef";
    private static final Duration START_PATIENCE = Duration.ofSeconds(300);
    /// Making the first signing key of a repository is minutes of work on a machine that is busy with other tests.
    private static final Duration ANSWER_PATIENCE = Duration.ofSeconds(240);
    private static final String GREETING = "Cambium answers at ";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path data;
    private final Path output;
    private final Process process;
    private final URI address;
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private RunningServer(Path data, Path output, Process process, URI address) {
        this.data = data;
        this.output = output;
        this.process = process;
        this.address = address;
    }

    /// Starts a server on a data folder, fresh or kept; `settings` are further flags of `serve`, which may name a port
    /// to be found at again.
    public static RunningServer start(Path data, String... settings) throws IOException {
        return start(data, Map.of(), settings);
    }

    public static RunningServer start(Path data, Map<String, String> environment, String... settings)
            throws IOException {
        return startBehind(List.of(), data, environment, settings);
    }

    /// Starts one behind a command that runs another, such as one that puts it on another machine.
    public static RunningServer startBehind(List<String> command, Path data, Map<String, String> environment,
            String... settings) throws IOException {
        boolean isOwn = environment.keySet().stream().noneMatch(name -> name.startsWith("CAMBIUM_"));
        if (isOwn && !Files.exists(data) && !List.of(settings).contains("--database-url")) {
            PreparedFolder.copyTo(data);
        }
        return startAsItIs(command, data, environment, settings);
    }

    /// Starts one that has to make everything by itself.
    public static RunningServer startFresh(Path data) throws IOException {
        return startAsItIs(List.of(), data, Map.of());
    }

    private static RunningServer startAsItIs(List<String> before, Path data, Map<String, String> environment,
            String... settings) throws IOException {
        Files.createDirectories(data.toAbsolutePath().getParent());
        var output = ServerLogs.newFile();
        var command = new ArrayList<>(before);
        command.addAll(List.of(Checkout.root().resolve("cambium").toString(), "serve", "--data", data.toString()));
        if (!List.of(settings).contains("--port")) {
            command.addAll(List.of("--port", "0"));
        }
        command.addAll(List.of(settings));
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("CAMBIUM_ADMIN_TOKEN", TOKEN);
        builder.environment().putAll(new TreeMap<>(environment));
        var process = builder.start();
        return new RunningServer(data, output, process, awaitGreeting(process, output));
    }

    private static URI awaitGreeting(Process process, Path output) throws IOException {
        long end = System.nanoTime() + START_PATIENCE.toNanos();
        while (true) {
            boolean alive = process.isAlive();
            for (var line : Files.readAllLines(output)) {
                if (line.startsWith(GREETING)) {
                    return URI.create(line.substring(GREETING.length()).strip());
                }
            }
            if (!alive || System.nanoTime() > end) {
                process.destroyForcibly();
                throw new IllegalStateException("the server did not start:\n" + Files.readString(output));
            }
            pause();
        }
    }

    public URI address() {
        return address;
    }

    public URI at(String path) {
        return URI.create(address.toString().replaceAll("/$", "") + path);
    }

    public Path data() {
        return data;
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Sends a request as the administrator and gives status and body.
    public HttpResponse<String> send(String method, String path, String contentType, String body) throws IOException {
        var request = HttpRequest.newBuilder(at(path)).timeout(ANSWER_PATIENCE)
                .header("Authorization", basic(TOKEN))
                .header("Content-Type", contentType)
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        return send(request);
    }

    public HttpResponse<String> send(HttpRequest request) throws IOException {
        try {
            var answer = client.send(request, HttpResponse.BodyHandlers.ofString(UTF_8));
            ServerLogs.noteSecrets(answer);
            return answer;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /// The JSON that a GET answers with 200; anything else fails.
    public JsonNode get(String path) throws IOException {
        return expect(200, send("GET", path, "application/json", ""));
    }

    public JsonNode post(String path, String json) throws IOException {
        return expectSuccess(send("POST", path, "application/json", json));
    }

    public JsonNode putYaml(String path, String yaml) throws IOException {
        return expectSuccess(send("PUT", path, "application/yaml", yaml));
    }

    private JsonNode expectSuccess(HttpResponse<String> response) throws IOException {
        return expect(response.statusCode() / 100 == 2 ? response.statusCode() : 200, response);
    }

    private JsonNode expect(int status, HttpResponse<String> response) throws IOException {
        if (response.statusCode() != status) {
            throw new AssertionError(response.request().method() + " " + response.uri() + " answered "
                    + response.statusCode() + " " + response.body() + "\n" + output());
        }
        return JSON.readTree(response.body());
    }

    public static String basic(String token) {
        return "Basic " + Base64.getEncoder().encodeToString((token + ":").getBytes(UTF_8));
    }

    /// Kills the server's own process with SIGKILL, as a power cut would; its children live on.
    public void kill() {
        process.destroyForcibly();
        await(process);
    }

    /// Asks it to end (SIGTERM) and gives its exit code.
    public int stop() {
        process.destroy();
        return await(process);
    }

    private static int await(Process process) {
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException("process " + process.pid() + " did not end in 60 s");
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            stop();
        }
    }
}
