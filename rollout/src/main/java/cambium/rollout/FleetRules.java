package cambium.rollout;

/// What holds in every ring of a fleet, whatever the ring's own policy says.
///
/// @param windows hold in addition to those of each ring
public record FleetRules(Schedule windows) {
    public static final FleetRules DEFAULT = new FleetRules(Schedule.DEFAULT);
}
