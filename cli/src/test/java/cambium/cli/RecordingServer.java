package cambium.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Stands for the server: keeps what it was asked and answers what the test laid out for that method and path,
/// one answer after the other; the last one stays.
final class RecordingServer implements AutoCloseable {
    record Asked(String method, String path, String type, String authorization, String body) {
        @Override
        public String toString() {
            return method + " " + path + (body.isEmpty() ? "" : " " + body);
        }
    }

    private record Laid(int status, String body) {}

    private final List<Asked> asked = new ArrayList<>();
    private final Map<String, Deque<Laid>> answers = new HashMap<>();
    private final HttpServer server;

    RecordingServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException noPort) {
            throw new IllegalStateException(noPort);
        }
        server.createContext("/", this::handle);
        server.start();
    }

    RecordingServer answer(String call, int status, String body) {
        answers.computeIfAbsent(call, _ -> new ArrayDeque<>()).add(new Laid(status, body));
        return this;
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    List<Asked> asked() {
        return asked;
    }

    List<String> calls() {
        return asked.stream().map(Asked::toString).toList();
    }

    private synchronized void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().toString();
        asked.add(new Asked(exchange.getRequestMethod(), path, header(exchange, "Content-Type"),
                header(exchange, "Authorization"),
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1)));
        Deque<Laid> laid = answers.getOrDefault(exchange.getRequestMethod() + " " + path, new ArrayDeque<>());
        Laid answer = laid.size() > 1 ? laid.poll() : laid.isEmpty()
                ? new Laid(404, "{\"code\":\"not_found\",\"message\":\"no " + path + "\"}") : laid.peek();
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
        try (exchange) {
            exchange.getResponseBody().write(body);
        }
    }

    private static String header(HttpExchange exchange, String name) {
        String value = exchange.getRequestHeaders().getFirst(name);
        return value == null ? "" : value;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
