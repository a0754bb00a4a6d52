package cambium.server.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/// Who may coordinate that has no file descriptors left.
class DescriptorCheckTest {
    private final AtomicBoolean left = new AtomicBoolean(true);
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-29T21:00:00Z"));
    private final DescriptorCheck check = new DescriptorCheck(left::get, now::get);

    private void pass(long seconds) {
        now.set(now.get().plusSeconds(seconds));
    }

    @Test
    void whoLeadsMayLackThemForAMomentButNotForLong() {
        left.set(false);
        assertEquals(Optional.empty(), check.problem(true));
        pass(3);
        assertEquals(Optional.empty(), check.problem(true));
        left.set(true);
        assertEquals(Optional.empty(), check.problem(true));
        left.set(false);
        pass(3);
        assertEquals(Optional.empty(), check.problem(true), "it had some meanwhile");
        pass(4);
        var why = check.problem(true).orElseThrow();
        assertTrue(why.contains("no file descriptors left") && why.contains("LimitNOFILE"), why);
        left.set(true);
        assertEquals(Optional.empty(), check.problem(false), "it may lead again");
    }

    @Test
    void whoDoesNotLeadDoesNotBeginTo() {
        left.set(false);
        assertTrue(check.problem(false).isPresent());
    }
}
