package cambium.server.fleet.source;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/// Git's own server for HTTP, behind a user and a password.
final class GitHttpServer implements AutoCloseable {
    final List<String> asked = new CopyOnWriteArrayList<>();
    volatile String redirect = "";
    private final Path folder;
    private final String allowed;
    private final HttpServer server;

    GitHttpServer(Path folder, String user, String password) throws IOException {
        this(folder, user, password, HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
    }

    GitHttpServer(Path folder, String user, String password, HttpServer server) {
        this.folder = folder;
        this.allowed = "Basic " + Base64.getEncoder().encodeToString((user + ":" + password)
                .getBytes(StandardCharsets.UTF_8));
        this.server = server;
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    String url(String path) {
        return (server instanceof HttpsServer ? "https" : "http") + "://127.0.0.1:"
                + server.getAddress().getPort() + path;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            asked.add(exchange.getRequestURI().toString());
            if (!redirect.isEmpty()) {
                exchange.getResponseHeaders().add("Location", redirect + exchange.getRequestURI());
                exchange.sendResponseHeaders(302, -1);
            } else if (!allowed.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"git\"");
                exchange.sendResponseHeaders(401, -1);
            } else {
                answer(exchange);
            }
        }
    }

    /// As a web server would run a CGI program.
    private void answer(HttpExchange exchange) throws IOException {
        var builder = new ProcessBuilder("git", "http-backend");
        var variables = builder.environment();
        variables.put("GIT_PROJECT_ROOT", folder.toString());
        variables.put("GIT_HTTP_EXPORT_ALL", "1");
        variables.put("PATH_INFO", exchange.getRequestURI().getPath());
        variables.put("QUERY_STRING", String.valueOf(exchange.getRequestURI().getQuery()));
        variables.put("REQUEST_METHOD", exchange.getRequestMethod());
        header(exchange, "Content-Type", "CONTENT_TYPE", variables);
        header(exchange, "Content-Encoding", "HTTP_CONTENT_ENCODING", variables);
        header(exchange, "Git-Protocol", "HTTP_GIT_PROTOCOL", variables);
        var process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try (var in = process.getOutputStream()) {
            exchange.getRequestBody().transferTo(in);
        }
        var output = new ByteArrayOutputStream();
        process.getInputStream().transferTo(output);
        var bytes = output.toByteArray();
        var text = new String(bytes, StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        int status = 200;
        for (var line : text.substring(0, end).split("\r\n")) {
            int colon = line.indexOf(':');
            if (line.startsWith("Status:")) {
                status = Integer.parseInt(line.substring(colon + 2, colon + 5));
            } else {
                exchange.getResponseHeaders().add(line.substring(0, colon), line.substring(colon + 2));
            }
        }
        exchange.sendResponseHeaders(status, 0);
        exchange.getResponseBody().write(bytes, end + 4, bytes.length - end - 4);
    }

    private static void header(HttpExchange exchange, String name, String variable,
            Map<String, String> variables) {
        var value = exchange.getRequestHeaders().getFirst(name);
        if (value != null) {
            variables.put(variable, value);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
