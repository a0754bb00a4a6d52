package cambium.demo.storefront;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/// The smoke test of a running shop, as a customer would do it: look at the page, order something, look at that order.
final class Probe {
    private static final int PATIENCE_MILLIS = 5000;

    private final String shop;

    Probe(String shop) {
        this.shop = shop.replaceAll("/+$", "");
    }

    boolean run() {
        try {
            String placed = ask("POST", "/orders", "item=probe&quantity=1", 201);
            String order = ask("GET", "/orders/" + placed.replaceAll("\\D", ""), "", 200);
            ask("GET", "/", "", 200);
            ask("GET", "/orders", "", 200);
            System.out.println("probe: ordered and saw " + order.strip());
            return true;
        } catch (IOException failed) {
            System.out.println("probe: " + failed.getMessage());
            return false;
        }
    }

    private String ask(String method, String path, String body, int expected) throws IOException {
        var connection = (HttpURLConnection) URI.create(shop + path).toURL().openConnection();
        connection.setConnectTimeout(PATIENCE_MILLIS);
        connection.setReadTimeout(PATIENCE_MILLIS);
        connection.setRequestMethod(method);
        if (method.equals("POST")) {
            connection.setDoOutput(true);
            connection.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
        }
        int code = connection.getResponseCode();
        if (code != expected) {
            throw new IOException(method + " " + path + " answered " + code + " instead of " + expected);
        }
        try (InputStream in = connection.getInputStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
