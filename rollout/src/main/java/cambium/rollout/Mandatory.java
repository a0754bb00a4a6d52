package cambium.rollout;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/// Cells of a ring whose failure is never tolerated, however many failures the ring tolerates. The fleet's main cell
/// always is one of them: without it no version could graduate.
public record Mandatory(SortedSet<CellId> cells) {
    public static final Mandatory DEFAULT = new Mandatory(new TreeSet<>());

    public Mandatory {
        cells = Collections.unmodifiableSortedSet(new TreeSet<>(cells));
    }

    boolean includes(CellSpec cell) {
        return cell.kind() == CellSpec.Kind.MAIN || cells.contains(cell.cell());
    }
}
