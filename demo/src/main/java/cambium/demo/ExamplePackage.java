package cambium.demo;

import java.util.List;

/// One version of the example shop: which migrations it carries. What differs in its behaviour stands in its own
/// properties file inside the package.
///
/// @param regular run before it serves; every earlier one is carried along, so a cell may skip versions
/// @param post run once the version before is no longer needed
enum ExamplePackage {
    FIRST("1.0.0", List.of("0001-orders.sql"), List.of()),
    SECOND("1.1.0", List.of("0001-orders.sql", "0002-price-in-cents.sql"), List.of("0002-drop-price-in-euro.sql")),
    HARMFUL("1.2.0", List.of("0001-orders.sql", "0002-price-in-cents.sql", "0003-discounts.sql"),
            List.of("0002-drop-price-in-euro.sql"));

    static final String NAME = "storefront";

    final String version;
    final List<String> regular;
    final List<String> post;

    ExamplePackage(String version, List<String> regular, List<String> post) {
        this.version = version;
        this.regular = regular;
        this.post = post;
    }

    String filename() {
        return NAME + "_" + version + "_all.deb";
    }
}
