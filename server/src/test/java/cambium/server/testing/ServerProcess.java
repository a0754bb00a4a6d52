package cambium.server.testing;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// The server as a process of its own, which a test can stop, kill and start again.
public final class ServerProcess implements AutoCloseable {
    private static final Pattern ANSWERS = Pattern.compile("Cambium answers at (http://\\S+)");
    private static final int PATIENCE_SECONDS = 120;

    private final Process process;
    private final Path output;
    private final Path data;
    private final URI uri;
    private final HttpClient client = HttpClient.newHttpClient();

    private ServerProcess(Process process, Path output, Path data, URI uri) {
        this.process = process;
        this.output = output;
        this.data = data;
        this.uri = uri;
    }

    /// How a command ended, and what it said.
    public record Ended(int exitCode, String output) {}

    /// Starts `serve` on a free port and waits until it answers.
    public static ServerProcess start(Path data, Map<String, String> environment, String... flags) throws IOException {
        return start("cambium.server.Main", data, environment, flags);
    }

    /// The same with another main class, which must say that it answers as the real one does.
    public static ServerProcess start(String mainClass, Path data, Map<String, String> environment, String... flags)
            throws IOException {
        var arguments = new ArrayList<>(List.of("serve", "--data", data.toString(), "--port", "0"));
        arguments.addAll(Arrays.asList(flags));
        var output = Files.createTempFile("cambium-server-", ".log");
        var process = launch(mainClass, arguments, environment, output);
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            var said = ANSWERS.matcher(Files.readString(output));
            if (said.find()) {
                return new ServerProcess(process, output, data, URI.create(said.group(1)));
            }
            if (!process.isAlive() || System.nanoTime() > end) {
                process.destroyForcibly();
                throw new AssertionError("the server does not answer: " + Files.readString(output));
            }
            pause();
        }
    }

    /// Runs a command that ends by itself.
    public static Ended run(List<String> arguments, Map<String, String> environment) throws Exception {
        var output = Files.createTempFile("cambium-server-", ".log");
        var process = launch("cambium.server.Main", arguments, environment, output);
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("no end: " + Files.readString(output));
        }
        var said = Files.readString(output);
        Files.delete(output);
        return new Ended(process.exitValue(), said);
    }

    public URI uri() {
        return uri;
    }

    public long pid() {
        return process.pid();
    }

    /// The process number of its own PostgreSQL.
    public long postgres() throws IOException {
        return Long.parseLong(Files.readAllLines(data.resolve("database/postmaster.pid")).getFirst().strip());
    }

    public String output() throws IOException {
        return Files.readString(output);
    }

    public HttpResponse<String> get(String path) throws Exception {
        return client.send(HttpRequest.newBuilder(uri.resolve(path)).build(), BodyHandlers.ofString());
    }

    /// Waits until the server says that it is ready: it answers before it has fetched a blob through its own redirect.
    /// Gives the last answer, whatever it says.
    public HttpResponse<String> untilReady() throws Exception {
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        var ready = get("/health/ready");
        while (ready.statusCode() == 503 && System.nanoTime() < end) {
            pause();
            ready = get("/health/ready");
        }
        return ready;
    }

    public HttpResponse<String> post(String path, String token) throws Exception {
        var basic = Base64.getEncoder().encodeToString((token + ":").getBytes(StandardCharsets.UTF_8));
        return client.send(HttpRequest.newBuilder(uri.resolve(path)).header("Authorization", "Basic " + basic)
                .POST(BodyPublishers.noBody()).build(), BodyHandlers.ofString());
    }

    /// SIGTERM; returns the exit code.
    public int terminate() throws Exception {
        process.destroy();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("does not stop: " + output());
        }
        return process.exitValue();
    }

    /// SIGKILL; its PostgreSQL lives on.
    public void kill() throws Exception {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() throws IOException {
        client.close();
        try {
            if (process.isAlive()) {
                terminate();
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        } finally {
            process.destroyForcibly();
            Files.deleteIfExists(output);
        }
    }

    private static Process launch(String mainClass, List<String> arguments, Map<String, String> environment,
            Path output) throws IOException {
        var command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m", "--enable-native-access=ALL-UNNAMED"));
        command.addAll(SharedClasses.FLAGS);
        command.add(mainClass);
        command.addAll(arguments);
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("CAMBIUM_"));
        builder.environment().putAll(environment);
        return builder.start();
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
