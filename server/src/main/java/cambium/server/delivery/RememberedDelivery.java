package cambium.server.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/// Hands out an address again for a while, since some cost a millisecond to sign, and since caches know a blob by its
/// address. What is handed out is good for ten minutes at least.
final class RememberedDelivery implements Delivery {
    private static final Duration FOR = Duration.ofMinutes(5);
    private static final int MAX_ENTRIES = 4096;

    private final Delivery signing;
    private final Map<Parcel, Signed> remembered = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Parcel, Signed> eldest) {
            return size() > MAX_ENTRIES;
        }
    };

    private record Signed(String address, Instant since) {}

    RememberedDelivery(Delivery signing) {
        this.signing = signing;
    }

    @Override
    public String address(Parcel parcel, Instant now) {
        synchronized (remembered) {
            Signed known = remembered.get(parcel);
            if (known != null && !now.isBefore(known.since) && now.isBefore(known.since.plus(FOR))) {
                return known.address;
            }
        }
        String address = signing.address(parcel, now);
        synchronized (remembered) {
            remembered.put(parcel, new Signed(address, now));
        }
        return address;
    }

    @Override
    public String toString() {
        return signing.toString();
    }
}
