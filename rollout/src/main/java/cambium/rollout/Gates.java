package cambium.rollout;

/// What a version needs to enter a ring beside the proof of the ring inside.
///
/// @param approvers that many people must approve exactly that version for exactly that ring; 0 for none
public record Gates(int approvers) {
    public static final Gates DEFAULT = new Gates(0);

    public Gates {
        Grammar.range("approval", approvers, 0, 10);
    }
}
