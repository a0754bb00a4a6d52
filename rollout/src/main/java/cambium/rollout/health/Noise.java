package cambium.rollout.health;

import java.util.List;

/// The bad minutes that are known from where the version was not: how many, of how many, and how many of them at most
/// came on end, which is a spell.
record Noise(int minutes, int bad, int longest) {
    private static final double CAUTION = 2;

    /// @param stretches of neighbouring minutes, each bad or not; no spell goes from one stretch into the next
    static Noise of(List<List<Boolean>> stretches) {
        int minutes = 0;
        int bad = 0;
        int longest = 0;
        for (var stretch : stretches) {
            int spell = 0;
            for (boolean each : stretch) {
                spell = each ? spell + 1 : 0;
                bad += each ? 1 : 0;
                longest = Math.max(longest, spell);
            }
            minutes += stretch.size();
        }
        return new Noise(minutes, bad, longest);
    }

    /// How often a minute is bad without harm; on the safe side, more so where few are known (Agresti and Coull).
    double share() {
        return (bad + CAUTION) / (minutes + 2 * CAUTION);
    }
}
