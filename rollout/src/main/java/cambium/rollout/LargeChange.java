package cambium.rollout;

/// The share of a fleet's cells that one declaration may touch before somebody must say why it is so large. The fleet
/// before the change sets it, so a file cannot both widen the share and use it.
///
/// @param percent 100 lets every change through, 0 asks for a reason whenever a cell is touched
public record LargeChange(int percent) {
    public static final LargeChange DEFAULT = new LargeChange(50);

    public LargeChange {
        Grammar.range("large-change", percent, 0, 100);
    }
}
