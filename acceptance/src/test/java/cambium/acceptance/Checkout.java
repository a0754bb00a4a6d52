package cambium.acceptance;

import java.nio.file.Files;
import java.nio.file.Path;

/// The checkout that is tested: where `./cambium` and `./dev` are.
public final class Checkout {
    private Checkout() {}

    public static Path root() {
        var here = Path.of("").toAbsolutePath();
        while (!Files.exists(here.resolve("cambium")) || !Files.exists(here.resolve("dev"))) {
            here = here.getParent();
        }
        return here;
    }
}
