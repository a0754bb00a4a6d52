package cambium.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.Writer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The packaged server as a child process, with what Linux accounts to it.
public final class BenchServer implements AutoCloseable {
    private static final String TOKEN = "0123456789abcdef0123456789abcdef0123456789abcdef";
    private static final String GREETING = "Cambium answers at ";
    private static final double TICKS_A_SECOND = 100;
    private static final double REST_CPU_MILLIS = 200;
    private static final long REST_LOOK_MILLIS = 3_000;

    private final Process process;
    private final String address;
    private final double startMillis;
    private final HttpClient client = HttpClient.newHttpClient();

    private BenchServer(Process process, String address, double startMillis) {
        this.process = process;
        this.address = address;
        this.startMillis = startMillis;
    }

    public static BenchServer start(Path data) throws IOException, InterruptedException {
        return start(data, List.of());
    }

    /// @param before a command that runs the server, such as `taskset -c 0`
    public static BenchServer start(Path data, List<String> before) throws IOException, InterruptedException {
        return start(data, before, List.of());
    }

    /// @param flags further ones of `serve`
    public static BenchServer start(Path data, List<String> before, List<String> flags)
            throws IOException, InterruptedException {
        long begin = System.nanoTime();
        var command = new ArrayList<>(before);
        command.addAll(List.of("./cambium", "serve", "--data", data.toString(), "--port", "0"));
        command.addAll(flags);
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("CAMBIUM_ADMIN_TOKEN", TOKEN);
        var process = builder.start();
        var output = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
        var said = new StringBuilder();
        for (var line = output.readLine(); line != null; line = output.readLine()) {
            said.append(line).append('\n');
            if (line.startsWith(GREETING)) {
                Thread.startVirtualThread(() -> drain(output));
                var address = line.substring(GREETING.length()).strip().replaceAll("/$", "");
                var server = new BenchServer(process, address, 0);
                server.get("/health/ready");
                return new BenchServer(process, address, (System.nanoTime() - begin) / 1e6);
            }
        }
        throw new IOException("the server did not start:\n" + said);
    }

    private static void drain(Reader output) {
        try {
            output.transferTo(Writer.nullWriter());
        } catch (IOException closed) {
            // Ends with the process.
        }
    }

    /// From the launcher's start to the first answer, in milliseconds.
    double startMillis() {
        return startMillis;
    }

    public String address() {
        return address;
    }

    /// The value of the header `Authorization` of the administrator.
    public static String authorization() {
        return "Basic " + Base64.getEncoder().encodeToString((TOKEN + ":").getBytes(UTF_8));
    }

    public String get(String path) throws IOException, InterruptedException {
        return send(request(path).GET().build(), 200);
    }

    public String post(String path, String contentType, byte[] body, int status)
            throws IOException, InterruptedException {
        return send(request(path).header("Content-Type", contentType)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body)).build(), status);
    }

    public String put(String path, String contentType, byte[] body, int status)
            throws IOException, InterruptedException {
        return send(request(path).header("Content-Type", contentType)
                .PUT(HttpRequest.BodyPublishers.ofByteArray(body)).build(), status);
    }

    public String delete(String path, int status) throws IOException, InterruptedException {
        return send(request(path).DELETE().build(), status);
    }

    /// As the administrator.
    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(address + path)).header("Authorization", authorization());
    }

    private String send(HttpRequest request, int status) throws IOException, InterruptedException {
        var response = client.send(request, HttpResponse.BodyHandlers.ofString(UTF_8));
        if (response.statusCode() != status) {
            throw new IOException(request + " answered " + response.statusCode() + " " + response.body());
        }
        return response.body();
    }

    /// Resident memory of the server's own process, without its PostgreSQL, in MiB.
    public double residentMiB() throws IOException {
        var line = Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                .filter(text -> text.startsWith("VmRSS:")).findFirst().orElseThrow();
        return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
    }

    /// Processor time used so far by the server and its PostgreSQL, in milliseconds.
    public double cpuMillis() throws IOException {
        return cpuMillis(process.toHandle());
    }

    /// Waits until the server has nothing of its own to do: after a start it makes signing keys ahead of need, which
    /// takes many seconds of processor time.
    public void rest() throws IOException, InterruptedException {
        double before = -REST_CPU_MILLIS;
        for (double now = cpuMillis(); now - before >= REST_CPU_MILLIS; now = cpuMillis()) {
            before = now;
            Thread.sleep(REST_LOOK_MILLIS);
        }
    }

    /// Processor time used so far by a process and all that it has started, in milliseconds.
    public static double cpuMillis(ProcessHandle root) throws IOException {
        double sum = ticks(root);
        for (var child : root.descendants().toList()) {
            sum += ticks(child);
        }
        return sum * 1000 / TICKS_A_SECOND;
    }

    private static double ticks(ProcessHandle handle) throws IOException {
        var stat = Path.of("/proc/" + handle.pid() + "/stat");
        if (!Files.exists(stat)) {
            return 0;
        }
        var text = Files.readString(stat);
        var fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
        // utime, stime, and the same of children that have ended: fields 14 to 17 of proc(5).
        return Double.parseDouble(fields[11]) + Double.parseDouble(fields[12]) + Double.parseDouble(fields[13])
                + Double.parseDouble(fields[14]);
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().orTimeout(60, TimeUnit.SECONDS).exceptionally(late -> process.destroyForcibly()).join();
    }
}
