package cambium.demo.storefront;

import java.util.Optional;

/// One order as it is stored.
///
/// @param channel how it came in: `web` or `phone`
/// @param discountPercent empty in a version that knows no discounts
record Order(long id, String channel, String item, int quantity, long priceCents, Optional<Integer> discountPercent) {

    /// What the customer pays, in cents.
    long totalCents() {
        long full = priceCents * quantity;
        return discountPercent.map(percent -> full - full * percent / 100).orElse(full);
    }

    String toJson() {
        return "{\"id\":%d,\"channel\":\"%s\",\"item\":\"%s\",\"quantity\":%d,\"total_cents\":%d}"
                .formatted(id, channel, item, quantity, totalCents());
    }
}
