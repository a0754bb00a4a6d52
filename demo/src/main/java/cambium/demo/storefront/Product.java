package cambium.demo.storefront;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/// What the installed package says about itself in `etc/storefront.properties`: which version it is and how it
/// treats orders.
///
/// @param home the package's folder, with `lib`, `etc` and `migrations`
/// @param priceInCents reads and writes the newer price column; the older one is kept in step while it exists
/// @param discounts applies an order's discount when it is shown
record Product(Path home, String version, boolean priceInCents, boolean discounts) {

    static Product installedIn(Path home) throws IOException {
        var properties = new Properties();
        try (Reader in = Files.newBufferedReader(home.resolve("etc/storefront.properties"))) {
            properties.load(in);
        }
        return new Product(home, properties.getProperty("version"),
                "cents".equals(properties.getProperty("orders.price")),
                Boolean.parseBoolean(properties.getProperty("orders.discounts")));
    }
}
