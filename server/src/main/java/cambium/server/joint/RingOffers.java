package cambium.server.joint;

import cambium.rollout.Fleet;
import cambium.rollout.PackageRef;
import cambium.rollout.ProductVersion;
import cambium.rollout.RingNumber;
import cambium.rollout.VersionRecord;
import cambium.server.repository.RingChannels;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Takes a blocked version out of the channels that offer it, so that no machine upgrades to it any more, and offers it
/// again once it is released. What another version needs stays. Looks only when a version was blocked, released or
/// admitted since the last look.
final class RingOffers {
    private static final int MAX_VERSIONS = 500;

    private final RingChannels rings;
    private Optional<Set<Offer>> settled = Optional.empty();

    private record Offer(ProductVersion version, RingNumber ring, boolean blocked) {}

    RingOffers(RingChannels rings) {
        this.rings = rings;
    }

    void settle(Fleet fleet, ProductPlace place) {
        var newest = fleet.versions().values().stream()
            .sorted(Comparator.comparing(VersionRecord::registeredAt).reversed()).limit(MAX_VERSIONS).toList();
        var offers = new LinkedHashSet<Offer>();
        for (VersionRecord version : newest) {
            version.admitted().forEach(ring ->
                offers.add(new Offer(version.version(), ring, version.blocked().isPresent())));
        }
        if (settled.filter(offers::equals).isPresent()) {
            return;
        }
        offers.stream().map(Offer::ring).distinct().forEach(ring -> settle(newest, place, ring));
        settled = Optional.of(offers);
    }

    private void settle(List<VersionRecord> versions, ProductPlace place, RingNumber ring) {
        Set<String> wanted = digests(versions, ring, false);
        Set<String> unwanted = digests(versions, ring, true);
        unwanted.removeAll(wanted);
        Set<String> offered = rings.offered(place.repository(), place.suite(), ring.value());
        unwanted.retainAll(offered);
        if (!unwanted.isEmpty()) {
            rings.withdraw(place.repository(), place.suite(), ring.value(), unwanted);
        }
        for (VersionRecord version : versions) {
            List<String> needed = version.packages().stream().map(PackageRef::sha256).toList();
            if (version.blocked().isEmpty() && version.admitted().contains(ring) && !offered.containsAll(needed)) {
                rings.admit(place.repository(), place.suite(), ring.value(), needed);
            }
        }
    }

    private static Set<String> digests(List<VersionRecord> versions, RingNumber ring, boolean blocked) {
        var digests = new LinkedHashSet<String>();
        versions.stream().filter(version -> version.blocked().isPresent() == blocked
                && version.admitted().contains(ring))
            .forEach(version -> version.packages().forEach(one -> digests.add(one.sha256())));
        return digests;
    }
}
