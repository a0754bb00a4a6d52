package cambium.rollout;

import static cambium.rollout.FleetCommand.Ruling.APPROVE;
import static cambium.rollout.FleetCommand.Ruling.REFUSE;
import static cambium.rollout.FleetCommand.Ruling.WITHDRAW;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.FleetCommand.Answer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ApprovalTest {
    private static final Duration LONG = Duration.ofHours(2);

    /// Ring 2 asks for approval, all others do not.
    private static FleetSpec asking(int approvers) {
        var plain = FleetLab.blueprint(policy -> policy);
        return plain.with(plain.rings().stream().map(ring -> ring.ring().value() != 2 ? ring
                : new RingSpec(ring.ring(), ring.policy().with(parts -> parts.gates = new Gates(approvers)),
                        ring.cells())).toList());
    }

    private static FleetLab lab(int approvers) {
        var lab = new FleetLab().apply(asking(approvers));
        lab.deploy("1.0.0");
        return lab;
    }

    private static Answer say(FleetLab lab, String who, String version, FleetCommand.Ruling ruling) {
        var answer = FleetCommands.decide(lab.fleet, new FleetCommand.Approve(ProductVersion.of(version),
                RingNumber.of(2), ruling, Optional.of("looked at it")), who, lab.now);
        if (answer instanceof Answer.Accepted(var events)) {
            events.forEach(lab::record);
        }
        return answer;
    }

    private static String refusal(Answer answer) {
        return assertInstanceOf(Answer.Refused.class, answer).code();
    }

    @Test
    void opensTheRingOnlyAfterSomebodyApprovedAndCallsSomebodyOnce() {
        var lab = lab(1).live(LONG);
        assertEquals("1.0.0", lab.runs("main"));
        assertEquals("nothing", lab.runs("c1"));
        assertEquals(Wait.Code.APPROVAL, lab.code("ring 2"));
        assertTrue(lab.waitOf("ring 2").orElseThrow().text().contains("cambium approve 1.0.0 --ring 2"));
        assertEquals(Wait.Code.APPROVAL, lab.code("version 1.0.0"));
        assertEquals(1, lab.fleet.pages().keySet().stream().filter(key -> key.startsWith("approval:")).count());
        say(lab, "rita", "1.0.0", APPROVE);
        lab.live(LONG);
        assertEquals("1.0.0", lab.runs("c1"));
        assertEquals("1.0.0", lab.runs("c3"), "ring 3 asks for none");
        assertEquals(1, lab.fleet.pages().keySet().stream().filter(key -> key.startsWith("approval:")).count());
    }

    @Test
    void keepsAnApprovalThatCameBeforeTheRingCouldOpen() {
        var lab = lab(1);
        say(lab, "rita", "1.0.0", APPROVE);
        lab.settle();
        assertEquals("nothing", lab.runs("c1"), "approval replaces no proof");
        lab.live(LONG);
        assertEquals("1.0.0", lab.runs("c1"));
        assertTrue(lab.fleet.pages().isEmpty());
    }

    @Test
    void takesNoApprovalOfOneVersionForAnother() {
        var lab = lab(1);
        say(lab, "rita", "1.0.0", APPROVE);
        lab.live(LONG);
        lab.deploy("1.1.0");
        lab.live(LONG);
        assertEquals("1.1.0", lab.runs("main"));
        assertEquals("1.0.0", lab.runs("c1"));
        assertEquals(Wait.Code.APPROVAL, lab.code("ring 2"));
    }

    @Test
    void takesNoApprovalForOneRingForAnother() {
        var spec = asking(1);
        var lab = new FleetLab().apply(spec.with(spec.rings().stream().map(ring -> ring.ring().value() < 2 ? ring
                : new RingSpec(ring.ring(), ring.policy().with(parts -> parts.gates = new Gates(1)), ring.cells()))
                .toList()));
        lab.deploy("1.0.0");
        say(lab, "rita", "1.0.0", APPROVE);
        lab.live(LONG);
        assertEquals("1.0.0", lab.runs("c1"));
        assertEquals("nothing", lab.runs("c3"));
        assertEquals(Wait.Code.APPROVAL, lab.code("ring 3"));
    }

    @Test
    void needsAsManyPeopleAsThePolicySaysEachCountedOnce() {
        var lab = lab(2).live(LONG);
        say(lab, "rita", "1.0.0", APPROVE);
        assertEquals(List.of(), assertInstanceOf(Answer.Accepted.class, say(lab, "rita", "1.0.0", APPROVE)).events());
        lab.live(LONG);
        assertEquals("nothing", lab.runs("c1"));
        assertTrue(lab.waitOf("ring 2").orElseThrow().text().contains("1 of 2 people: rita"));
        say(lab, "olaf", "1.0.0", APPROVE);
        lab.live(LONG);
        assertEquals("1.0.0", lab.runs("c1"));
    }

    @Test
    void letsNobodyApproveOverARefusalUntilItIsWithdrawn() {
        var lab = lab(1);
        say(lab, "rita", "1.0.0", REFUSE);
        assertEquals("approval_refused", refusal(say(lab, "olaf", "1.0.0", APPROVE)));
        lab.live(LONG);
        assertEquals("nothing", lab.runs("c1"));
        assertTrue(lab.waitOf("ring 2").orElseThrow().text().contains("refused for ring 2 by rita: looked at it"));
        assertTrue(lab.fleet.pages().isEmpty(), "a person has decided, nobody is called");
        say(lab, "rita", "1.0.0", WITHDRAW);
        say(lab, "olaf", "1.0.0", APPROVE);
        lab.live(LONG);
        assertEquals("1.0.0", lab.runs("c1"));
    }

    @Test
    void startsNothingMoreOnceTheApprovalIsWithdrawnAndGoesOnWhenItIsGivenAgain() {
        var oneByOne = asking(1);
        var lab = new FleetLab().apply(oneByOne.with(oneByOne.rings().stream().map(ring -> new RingSpec(ring.ring(),
                Policies.atOnce(ring.policy(), "1"), ring.cells())).toList()));
        lab.deploy("1.0.0");
        say(lab, "rita", "1.0.0", APPROVE);
        lab.results.put("c1.deploy", FleetLab.NEVER);
        lab.live(LONG.minusMinutes(90));
        assertTrue(lab.started("r1.c1.deploy"));
        say(lab, "olaf", "1.0.0", WITHDRAW);
        lab.results.clear();
        lab.running.put(CellId.of("c1"), ProductVersion.of("1.0.0"));
        lab.live(LONG);
        assertFalse(lab.started("r1.c2.deploy"));
        assertEquals(Wait.Code.APPROVAL, lab.code("ring 2"));
        say(lab, "rita", "1.0.0", APPROVE);
        lab.live(LONG);
        assertEquals("1.0.0", lab.runs("c2"));
    }

    @Test
    void asksAnewAfterAVersionWasBlockedAndReleased() {
        var lab = lab(1);
        say(lab, "rita", "1.0.0", APPROVE);
        lab.command(new FleetCommand.RollBack(Scope.of("version 1.0.0"), "odd", false));
        lab.live(LONG);
        lab.command(new FleetCommand.Unblock(ProductVersion.of("1.0.0"), "it was not this"));
        lab.live(LONG);
        assertEquals("1.0.0", lab.runs("main"));
        assertEquals("nothing", lab.runs("c1"));
        assertEquals(Wait.Code.APPROVAL, lab.code("ring 2"));
    }

    @Test
    void refusesWhatCouldNeverCount() {
        var lab = lab(1);
        assertEquals("unknown_version", refusal(say(lab, "rita", "9.9.9", APPROVE)));
        assertEquals("no_approval_needed", refusal(FleetCommands.decide(lab.fleet, new FleetCommand.Approve(
                ProductVersion.of("1.0.0"), RingNumber.of(1), APPROVE, Optional.empty()), "rita", lab.now)));
        assertEquals("why_missing", refusal(FleetCommands.decide(lab.fleet, new FleetCommand.Approve(
                ProductVersion.of("1.0.0"), RingNumber.of(2), REFUSE, Optional.empty()), "rita", lab.now)));
        say(lab, "rita", "1.0.0", APPROVE);
        lab.live(LONG);
        assertEquals("not_under_way", refusal(say(lab, "olaf", "1.0.0", APPROVE)));
    }

    @Test
    void holdsNoRingThatAlreadyTookAVersionWhenItsPolicyBeginsToAsk() {
        var lab = FleetLab.onFirstVersion(policy -> policy);
        lab.apply(asking(1));
        lab.running.put(CellId.of("c1"), ProductVersion.of("0.9.0"));   // other hands
        lab.live(LONG);
        assertEquals("1.0.0", lab.runs("c1"));
    }

    @Test
    void listsWhatWaitsAndWhoSaidWhat() {
        var lab = lab(2).live(LONG);
        say(lab, "rita", "1.0.0", APPROVE);
        lab.settle();
        var listed = ApprovalStatus.of(lab.fleet, lab.plan, lab.now);
        assertEquals(1, listed.size());
        assertEquals(ApprovalStatus.State.WAITING, listed.getFirst().state());
        assertTrue(listed.getFirst().due());
        assertFalse(listed.getFirst().insidePerimeter());
        assertEquals("rita", listed.getFirst().given().getFirst().by());
    }
}
