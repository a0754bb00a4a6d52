package cambium.acceptance.pages;

import com.microsoft.playwright.Page;

/// What a person without a mouse does.
final class Keyboard {
    private static final int MOST_PRESSES = 120;

    private Keyboard() {}

    /// Presses Tab until the focus is on what the selector names.
    static void to(Page page, String target) {
        for (int presses = 0; presses < MOST_PRESSES; presses++) {
            page.keyboard().press("Tab");
            if ((Boolean) page.evaluate("target => document.activeElement.matches(target)", target)) {
                return;
            }
        }
        throw new AssertionError(MOST_PRESSES + " presses of Tab did not lead to " + target);
    }
}
