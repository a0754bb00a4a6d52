package cambium.server.fleet.webhook;

import cambium.server.http.Json;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What the played GitLab and the played GitHub have in common: a server that answers what is documented, notes every
/// request that it does not know, and can lose the answer to a start.
abstract class StrictServer implements AutoCloseable {
    private final HttpServer server;
    final List<String> unknown = new ArrayList<>();
    final Map<Long, Map<String, Object>> runs = new TreeMap<>();
    final List<Map<String, String>> variables = new ArrayList<>();
    boolean loseTheNextAnswer;

    StrictServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            try (exchange) {
                synchronized (this) {
                    answer(new Asked(exchange));
                }
            }
        });
        server.start();
    }

    abstract void answer(Asked asked) throws IOException;

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    synchronized void set(String field, Object value) {
        runs.values().forEach(run -> run.put(field, value));
    }

    Map<String, Object> begin(long id, Map<String, String> given) {
        var run = new LinkedHashMap<String, Object>();
        run.put("id", id);
        runs.put(id, run);
        variables.add(given);
        return run;
    }

    /// One request.
    final class Asked {
        private final HttpExchange exchange;
        final String what;
        final Map<String, String> query;
        final String body;

        Asked(HttpExchange exchange) throws IOException {
            this.exchange = exchange;
            this.what = exchange.getRequestMethod() + " " + exchange.getRequestURI().getRawPath();
            this.query = fields(exchange.getRequestURI().getRawQuery());
            this.body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        }

        String header(String name) {
            return exchange.getRequestHeaders().getOrDefault(name, List.of("")).getFirst();
        }

        void send(int status, Object json) throws IOException {
            var bytes = Json.write(json);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }

        void sendNothing(int status) throws IOException {
            exchange.sendResponseHeaders(status, -1);
        }

        void sendUnknown() throws IOException {
            unknown.add(what + " " + query);
            send(404, Map.of("message", "404 Not Found"));
        }
    }

    static Map<String, String> fields(String encoded) {
        return encoded == null || encoded.isEmpty() ? Map.of() : Stream.of(encoded.split("&")).map(field ->
                field.split("=", 2)).collect(Collectors.toMap(field -> decoded(field[0]),
                        field -> decoded(field[1])));
    }

    private static String decoded(String text) {
        return java.net.URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
