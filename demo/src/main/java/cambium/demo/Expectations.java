package cambium.demo;

import java.util.ArrayList;
import java.util.List;

/// What had to be observed, in order, and whether it was.
final class Expectations {
    record Expectation(String sentence, boolean observed) {}

    private final List<Expectation> all = new ArrayList<>();

    /// @return what was asked, so that a journey can end where it makes no sense to go on
    boolean expect(String sentence, boolean observed) {
        all.add(new Expectation(sentence, observed));
        return observed;
    }

    List<Expectation> all() {
        return List.copyOf(all);
    }

    boolean allObserved() {
        return !all.isEmpty() && all.stream().allMatch(Expectation::observed);
    }
}
