package cambium.demo.storefront;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StorefrontTest {
    private static final Path MIGRATIONS = Path.of("src/main/resources/cambium/demo/package/migrations");
    private static final List<String> REGULAR = List.of("0001-orders.sql", "0002-price-in-cents.sql",
            "0003-discounts.sql");

    @TempDir
    Path folder;

    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /// Runs one version on the shared database and asks it something.
    private void with(String version, Visit visit) throws Exception {
        int minor = version.charAt(2) - '0';
        Path regular = Files.createDirectories(folder.resolve(version).resolve("regular"));
        for (String name : REGULAR.subList(0, minor + 1)) {
            Files.copy(MIGRATIONS.resolve("regular").resolve(name), regular.resolve(name),
                    StandardCopyOption.REPLACE_EXISTING);
        }
        var product = new Product(folder.resolve(version), version, minor >= 1, minor >= 2);
        try (var database = new ShopDatabase(folder)) {
            new Migrations(database).apply(regular);
            var shop = new ShopServer(product, new Orders(database, product), 0);
            shop.start();
            try {
                visit.to("http://127.0.0.1:" + shop.port());
            } finally {
                shop.stop(Duration.ofSeconds(1));
            }
        }
    }

    private interface Visit {
        void to(String url) throws Exception;
    }

    private HttpResponse<String> get(String url) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString());
    }

    private long order(String url) throws IOException, InterruptedException {
        var answer = client.send(HttpRequest.newBuilder(URI.create(url + "/orders"))
                .POST(BodyPublishers.ofString("item=bench&quantity=10")).build(), BodyHandlers.ofString());
        assertEquals(201, answer.statusCode(), answer.body());
        return Long.parseLong(answer.body().replaceAll("\\D", ""));
    }

    private void migratePost() throws SQLException, IOException {
        try (var database = new ShopDatabase(folder)) {
            new Migrations(database).apply(MIGRATIONS.resolve("post"));
        }
    }

    @Test
    void goesForwardAndBackUntilThePostDeploymentMigration() throws Exception {
        with("1.0.0", this::order);
        with("1.1.0", this::order);
        with("1.0.0", url -> {
            for (int id = 1; id <= 32; id++) {
                assertEquals(200, get(url + "/orders/" + id).statusCode(), "order " + id);
            }
            order(url);
        });
        with("1.1.0", url -> {
            assertTrue(get(url + "/orders/33").body().contains("\"total_cents\":12500"));
            migratePost();
            assertTrue(get(url + "/orders/33").body().contains("\"total_cents\":12500"));
        });
    }

    @Test
    void runsItsPostDeploymentMigrationWhileItServes() throws Exception {
        with("1.1.0", url -> {
            order(url);
            migratePost();
            migratePost();
            order(url);
            assertEquals(200, get(url + "/orders/32").statusCode());
        });
    }

    @Test
    void goesBackOverThePostDeploymentMigrationWithABackup() throws Exception {
        Path backup = folder.resolve("before.zip");
        with("1.1.0", url -> {
            order(url);
            try (var database = new ShopDatabase(folder)) {
                database.backUp(backup);
            }
            migratePost();
            order(url);
        });

        ShopDatabase.restore(backup, folder);

        with("1.0.0", url -> {
            assertEquals(200, get(url + "/orders/31").statusCode());
            assertEquals(404, get(url + "/orders/32").statusCode());
        });
    }

    @Test
    void failsInTheThirdVersionOnOrdersTakenByPhone() throws Exception {
        with("1.1.0", url -> migratePost());
        with("1.2.0", url -> {
            assertEquals(200, get(url + "/orders/1").statusCode());
            assertEquals(500, get(url + "/orders/2").statusCode());
            assertTrue(new Probe(url).run(), "a smoke test does not find it");
            assertEquals("{\"version\":\"1.2.0\",\"status\":\"ok\"}\n", get(url + "/health").body());
        });
        with("1.1.0", url -> assertEquals(200, get(url + "/orders/2").statusCode()));
    }

    @Test
    void countsCustomersOnly() throws Exception {
        with("1.0.0", url -> {
            get(url + "/");
            get(url + "/orders");
            get(url + "/nothing");
            get(url + "/health");
            String metrics = get(url + "/metrics").body();

            assertTrue(metrics.contains("http_requests_total{code=\"200\"} 2\n"), metrics);
            assertTrue(metrics.contains("http_requests_total{code=\"404\"} 1\n"), metrics);
            assertTrue(metrics.contains("http_request_duration_seconds_count 3\n"), metrics);
            assertTrue(metrics.contains("http_request_duration_seconds_bucket{le=\"+Inf\"} 3\n"), metrics);
            assertTrue(metrics.contains("http_requests_in_flight 0\n"), metrics);
        });
    }

    @Test
    void refusesAnOrderItCannotRead() throws Exception {
        with("1.0.0", url -> {
            var answer = client.send(HttpRequest.newBuilder(URI.create(url + "/orders"))
                    .POST(BodyPublishers.ofString("item=<b>&quantity=1")).build(), BodyHandlers.ofString());

            assertEquals(422, answer.statusCode());
        });
    }
}
