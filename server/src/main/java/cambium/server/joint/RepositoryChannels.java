package cambium.server.joint;

import cambium.rollout.FleetSpec;
import cambium.rollout.PackageRef;
import cambium.rollout.RingNumber;
import cambium.server.fleet.ChannelAddress;
import cambium.server.fleet.Channels;
import cambium.server.repository.RepositoryReader;
import cambium.server.repository.RingChannels;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The rings' channels, as this server's own repository serves them.
public final class RepositoryChannels implements Channels {
    private static final Logger LOG = LoggerFactory.getLogger(RepositoryChannels.class);

    private final RingChannels rings;
    private final RepositoryReader reader;
    private final Supplier<String> baseUrl;

    /// `baseUrl`: where cells reach this server, without a slash at the end; asked for each address.
    public RepositoryChannels(RingChannels rings, RepositoryReader reader, Supplier<String> baseUrl) {
        this.rings = rings;
        this.reader = reader;
        this.baseUrl = baseUrl;
    }

    @Override
    public boolean admit(FleetSpec.Product product, RingNumber ring, List<PackageRef> packages) {
        Optional<ProductPlace> place = ProductPlace.of(product, reader);
        if (place.isEmpty()) {
            LOG.warn("ring {}: there is no repository {} with {}", ring, product.repository(), product.distribution());
            return false;
        }
        List<String> digests = packages.stream().map(PackageRef::sha256).toList();
        return switch (rings.admit(place.get().repository(), place.get().suite(), ring.value(), digests)) {
            case PUBLISHED -> true;
            case UNDER_WAY -> false;
            case REFUSED -> {
                LOG.warn("ring {}: {} does not offer every package of the version", ring, product.repository());
                yield false;
            }
        };
    }

    /// Also for a product whose repository or distribution does not exist (yet): an address, not a promise.
    @Override
    public ChannelAddress address(FleetSpec.Product product, RingNumber ring) {
        String[] asWritten = (product.distribution() + "/").split("/", -1);
        Optional<ProductPlace> place = ProductPlace.of(product, reader);
        String repository = baseUrl.get() + "/" + product.repository();
        String channel = repository + "/rings/" + ring.value();
        return new ChannelAddress(
            channel + "/" + place.map(known -> known.suite().distribution()).orElse(asWritten[0]),
            place.map(known -> known.suite().codename()).orElse(asWritten[1]), repository + "/gpgkey", channel);
    }
}
