package cambium.server.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.ApprovalStatus;
import cambium.rollout.ProductVersion;
import cambium.rollout.RingNumber;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ApprovalRowTest {
    private static final Instant AT = Instant.parse("2026-11-21T12:00:00Z");

    private static String shown(ApprovalStatus.State state, String why) {
        var status = new ApprovalStatus(ProductVersion.of("1.3.0"), RingNumber.of(1), true, 2, state, false, false,
                List.of(new ApprovalStatus.Given("rita", AT.minusSeconds(60), Optional.of(why))), Optional.empty());
        return new Renderer().text("parts/approvals", ApprovalRow.all(List.of(status), AT, Offers.NONE));
    }

    @Test
    void anApprovedVersionIsNotCalledHealthyNorARefusedOneFailed() {
        assertEquals(List.of("waiting", "approved", "refused"), List.of(ApprovalStatus.State.values()).stream()
                .map(state -> ApprovalRow.all(List.of(new ApprovalStatus(ProductVersion.of("1"), RingNumber.of(0), true,
                        1, state, false, false, List.of(), Optional.empty())), AT, Offers.NONE).getFirst().state()
                        .text()).toList());
        assertFalse(shown(ApprovalStatus.State.APPROVED, "x").contains("healthy</"));
    }

    @Test
    void whatSomebodySaidStaysText() {
        var page = shown(ApprovalStatus.State.WAITING, "<script>alert(1)</script>");
        assertTrue(page.contains("approved by 1 of 2 people") && page.contains("&lt;script"), page);
        assertFalse(page.contains("<script"), page);
    }
}
