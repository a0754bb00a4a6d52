package cambium.rollout;

import java.util.Comparator;
import java.util.List;

/// A ring as declared: its policy and its cells, in order of name.
public record RingSpec(RingNumber ring, RingPolicy policy, List<CellSpec> cells) {
    public RingSpec {
        cells = cells.stream().sorted(Comparator.comparing(CellSpec::cell)).toList();
    }
}
