package cambium.server.joint;

import cambium.rollout.FleetSpec;
import cambium.server.repository.KnownSuite;
import cambium.server.repository.RepositoryName;
import cambium.server.repository.RepositoryReader;
import java.util.Optional;

/// The repository and suite in which a product's packages are.
record ProductPlace(RepositoryName repository, KnownSuite suite) {

    /// Empty when the product names no possible repository, or a distribution that the catalogue lacks.
    static Optional<ProductPlace> of(FleetSpec.Product product, RepositoryReader reader) {
        String[] parts = product.distribution().split("/", -1);
        if (parts.length != 2) {
            return Optional.empty();
        }
        return RepositoryName.parse(product.repository()).flatMap(repository ->
            reader.suite(parts[0], parts[1]).map(suite -> new ProductPlace(repository, suite)));
    }
}
