package cambium.rollout;

/// What holds in every ring of a fleet, whatever the ring's own policy says.
///
/// @param largeChangePercent a declaration that changes more than this share of the fleet's cells needs somebody's
///     explicit word
/// @param windows hold in addition to those of each ring
public record FleetRules(int largeChangePercent, Schedule windows) {
    public static final FleetRules DEFAULT = new FleetRules(50, Schedule.DEFAULT);

    public FleetRules {
        Grammar.range("large-change %", largeChangePercent, 1, 100);
    }
}
