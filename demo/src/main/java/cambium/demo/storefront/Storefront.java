package cambium.demo.storefront;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/// The shop's program. `serve` migrates what must be migrated before it can run and then answers on its port;
/// `migrate post` runs the migrations that are safe only once no older version is needed any more;
/// `restore` puts the database back to before those; `probe URL` buys something at a running shop and ends with 0 when
/// that worked.
public final class Storefront {
    private static final int MAX_PORT = 65_535;

    private Storefront() {}

    public static void main(String[] arguments) throws Exception {
        switch (String.join(" ", arguments)) {
            case "serve" -> serve();
            case "migrate post" -> migratePost();
            case "restore" -> restore();
            case String line when line.startsWith("probe http") && arguments.length == 2 ->
                    System.exit(new Probe(arguments[1]).run() ? 0 : 1);
            default -> {
                System.err.println("usage: storefront serve | migrate post | restore | probe URL");
                System.exit(2);
            }
        }
    }

    private static void serve() throws IOException, SQLException {
        Product product = product();
        var database = new ShopDatabase(data());
        List<String> applied = new Migrations(database).apply(product.home().resolve("migrations/regular"));
        applied.forEach(name -> say("migration " + name + " applied"));
        var orders = new Orders(database, product);
        orders.warmUp();
        var shop = new ShopServer(product, orders, port());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            shop.stop(Duration.ofSeconds(2));
            database.close();
        }, "stop"));
        shop.start();
        say("storefront " + product.version() + " answers on port " + shop.port());
    }

    private static void migratePost() throws IOException, SQLException {
        Product product = product();
        try (var database = new ShopDatabase(data())) {
            var migrations = new Migrations(database);
            Path files = product.home().resolve("migrations/post");
            // One that is there already is from a try that broke off: it holds what to go back to.
            if (migrations.arePending(files) && !Files.exists(backup(product))) {
                database.backUp(backup(product));
                say("database backed up first");
            }
            List<String> applied = migrations.apply(files);
            applied.forEach(name -> say("post-deployment migration " + name + " applied"));
            say(applied.size() + " post-deployment migrations applied for storefront " + product.version());
        }
    }

    private static void restore() throws IOException {
        Product product = product();
        if (Files.exists(backup(product))) {
            ShopDatabase.restore(backup(product), data());
            Files.delete(backup(product));
            say("database is as it was before the post-deployment migrations of " + product.version()
                    + "; orders placed since are lost");
        }
    }

    private static Path backup(Product product) throws IOException {
        return data().resolve("before-post-" + product.version() + ".zip");
    }

    private static Product product() throws IOException {
        return Product.installedIn(Path.of(required("storefront.home", System.getProperty("storefront.home"))));
    }

    private static Path data() throws IOException {
        return Files.createDirectories(Path.of(required("STOREFRONT_DATA", System.getenv("STOREFRONT_DATA"))));
    }

    private static int port() {
        int port = Integer.parseInt(required("STOREFRONT_PORT", System.getenv("STOREFRONT_PORT")));
        if (port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException("STOREFRONT_PORT is " + port + ", not between 0 and " + MAX_PORT);
        }
        return port;
    }

    private static String required(String name, String value) {
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException(name + " is not set");
        }
        return value;
    }

    private static void say(String line) {
        System.out.println(line);
    }
}
