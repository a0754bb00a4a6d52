package cambium.acceptance.pages;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Page;
import java.util.List;

/// What axe finds on a page that keeps people from using it.
final class Accessibility {
    private static final List<String> GRAVE = List.of("serious", "critical");

    private Accessibility() {}

    /// One line for each rule that is broken gravely, with the first place. "Legacy" asks axe to judge in the page
    /// itself, without a second window for each page: that would be needed for frames of other sites only.
    static List<String> graveFaults(Page page) {
        return new AxeBuilder(page).setLegacyMode(true).analyze().getViolations().stream()
                .filter(rule -> GRAVE.contains(rule.getImpact()))
                .map(rule -> rule.getId() + ": " + rule.getNodes().getFirst().getHtml() + " "
                        + rule.getNodes().getFirst().getFailureSummary())
                .toList();
    }
}
