package cambium.demo.storefront;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The shop over HTTP: `/`, `/orders`, `/orders/{id}`, and for its keepers `/health` and `/metrics`,
/// which are not counted among the customers' requests.
final class ShopServer {
    private static final int MAX_BODY_BYTES = 4096;
    private static final Pattern ONE_ORDER = Pattern.compile("/orders/([1-9][0-9]{0,17})");
    private static final Pattern NEW_ORDER = Pattern.compile("item=([a-z]{1,30})&quantity=([1-9][0-9]{0,2})");
    private static final long PRICE_CENTS = 1250;

    private final Product product;
    private final Orders orders;
    private final Measurements measurements = new Measurements();
    private final HttpServer server;

    ShopServer(Product product, Orders orders, int port) throws IOException {
        this.product = product;
        this.orders = orders;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 128);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/health", exchange -> send(exchange, Page.json(200, health())));
        server.createContext("/metrics", exchange -> send(exchange, new Page(200,
                "text/plain; version=0.0.4; charset=utf-8", measurements.exposition(product.version()))));
        server.createContext("/", this::measured);
    }

    void start() {
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    /// Lets the requests that are being answered end, for at most the given time.
    void stop(Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        while (measurements.inFlight() > 0 && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        server.stop(0);
    }

    private String health() {
        return "{\"version\":\"" + product.version() + "\",\"status\":\"ok\"}";
    }

    private void measured(HttpExchange exchange) throws IOException {
        long begun = System.nanoTime();
        measurements.begun();
        int code = 500;
        try {
            Page page = answer(exchange);
            code = page.code();
            send(exchange, page);
        } catch (SQLException | RuntimeException failure) {
            System.err.println(exchange.getRequestMethod() + " " + exchange.getRequestURI() + ": " + failure);
            send(exchange, Page.json(500, "{\"error\":\"internal\"}"));
        } finally {
            measurements.ended(code, Duration.ofNanos(System.nanoTime() - begun));
        }
    }

    private Page answer(HttpExchange exchange) throws IOException, SQLException {
        String path = exchange.getRequestURI().getPath();
        String method = exchange.getRequestMethod();
        Matcher one = ONE_ORDER.matcher(path);
        if (method.equals("GET") && path.equals("/")) {
            return new Page(200, "text/html; charset=utf-8",
                    "<!doctype html><html lang=\"en\"><title>Storefront</title>"
                    + "<h1>Storefront</h1><p>Version " + product.version() + "</p></html>");
        }
        if (method.equals("GET") && path.equals("/orders")) {
            return Page.json(200, "{\"orders\":" + orders.latest() + "}");
        }
        if (method.equals("GET") && one.matches()) {
            Optional<Order> order = orders.find(Long.parseLong(one.group(1)));
            return order.map(found -> Page.json(200, found.toJson()))
                    .orElseGet(() -> Page.json(404, "{\"error\":\"no such order\"}"));
        }
        return method.equals("POST") && path.equals("/orders") ? place(exchange)
                : Page.json(404, "{\"error\":\"no such page\"}");
    }

    private Page place(HttpExchange exchange) throws IOException, SQLException {
        String form = new String(exchange.getRequestBody().readNBytes(MAX_BODY_BYTES), StandardCharsets.UTF_8);
        Matcher order = NEW_ORDER.matcher(form);
        if (!order.matches()) {
            return Page.json(422, "{\"error\":\"expected item=NAME&quantity=N\"}");
        }
        long id = orders.place(order.group(1), Integer.parseInt(order.group(2)), PRICE_CENTS);
        return Page.json(201, "{\"id\":" + id + "}");
    }

    private static void send(HttpExchange exchange, Page page) throws IOException {
        byte[] body = page.body().getBytes(StandardCharsets.UTF_8);
        try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", page.type());
            exchange.sendResponseHeaders(page.code(), exchange.getRequestMethod().equals("HEAD") ? -1 : body.length);
            if (!exchange.getRequestMethod().equals("HEAD")) {
                exchange.getResponseBody().write(body);
            }
        }
    }

    private record Page(int code, String type, String body) {
        static Page json(int code, String body) {
            return new Page(code, "application/json", body + "\n");
        }
    }
}
