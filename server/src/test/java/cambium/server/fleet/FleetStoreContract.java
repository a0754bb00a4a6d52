package cambium.server.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.AttemptId;
import cambium.rollout.Fleet;
import cambium.rollout.FleetEvent;
import cambium.rollout.ProductVersion;
import cambium.rollout.RingNumber;
import cambium.rollout.Scope;
import cambium.server.fleet.FleetStore.Commit;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/// What every store of fleets promises.
public abstract class FleetStoreContract {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final OutboxEntry ADMIT = new OutboxEntry.Admit(ProductVersion.of("1.0.0"), RingNumber.INNERMOST);
    private static final OutboxEntry START = new OutboxEntry.Start(AttemptId.of("r1.c1.deploy.1"));

    /// Two doors to one store, as two processes would have.
    protected abstract FleetStore first();

    protected abstract FleetStore second();

    /// Lets that time pass, in the store's own time.
    protected abstract void pass(Duration time);

    private static FleetEvent brake(String why) {
        return new FleetEvent.BrakeSet(Instant.parse("2026-01-01T00:00:00Z"), "anna", new Scope.FleetWide(), why,
                Optional.empty(), false);
    }

    private static FleetEvent page(int number) {
        return new FleetEvent.PageRaised(Instant.EPOCH.plusSeconds(number), "key " + number, new Scope.FleetWide(),
                "look");
    }

    @Test
    void beginsEmpty() {
        assertEquals(new FleetStore.Snapshot(Fleet.empty(), 0), first().load());
        assertEquals(List.of(), first().events(0, 10));
        assertEquals(List.of(), first().pending(10));
    }

    @Test
    void aCommitIsSeenAtOnceThroughEveryDoor() {
        first().load();
        assertEquals(Commit.DONE, second().commit(0, List.of(brake("a"), brake("b"))));
        var seen = first().load();
        assertEquals(2, seen.revision());
        assertEquals(Fleet.empty().after(List.of(brake("a"), brake("b"))), seen.fleet());
        assertEquals(seen, second().load());
    }

    @Test
    void aCommitOnAnOlderRevisionChangesNothing() {
        var epoch = first().lease("one", LONG).orElseThrow();
        assertEquals(Commit.DONE, first().commit(0, List.of(brake("a"))));
        assertEquals(Commit.CONFLICT, second().commit(0, List.of(brake("b"))));
        assertEquals(Commit.CONFLICT, first().commit(epoch, 0, List.of(brake("b")), List.of(ADMIT)));
        assertEquals(Commit.CONFLICT, first().commit(2, List.of(brake("b"))));
        assertEquals(1, second().load().revision());
        assertEquals(List.of(), second().pending(10));
    }

    @Test
    void ofTwoLeaseholdersOnlyTheNewestCommits() {
        var old = first().lease("one", LONG).orElseThrow();
        assertEquals(Optional.empty(), second().lease("two", LONG));
        assertEquals(Optional.of(old), first().lease("one", LONG), "lengthening keeps the epoch");
        pass(LONG.plusSeconds(1));
        assertEquals(Commit.FENCED, first().commit(old, 0, List.of(brake("late")), List.of()), "it has run out");
        var fresh = second().lease("two", LONG).orElseThrow();
        assertTrue(fresh.number() > old.number());
        assertEquals(Commit.FENCED, first().commit(old, 0, List.of(brake("late")), List.of(START)));
        assertEquals(Commit.DONE, second().commit(fresh, 0, List.of(brake("mine")), List.of(START)));
        first().release(old);
        assertEquals(Optional.empty(), first().lease("one", LONG), "a lost lease cannot be given back");
        assertEquals(1, first().load().revision());
    }

    @Test
    void aReleasedLeaseIsFreeAtOnceUnderAHigherEpoch() {
        var old = first().lease("one", LONG).orElseThrow();
        first().release(old);
        assertEquals(Commit.FENCED, first().commit(old, 0, List.of(brake("late")), List.of()));
        var fresh = second().lease("two", LONG).orElseThrow();
        assertTrue(fresh.number() > old.number());
    }

    @Test
    void peopleCommitWithoutALease() {
        first().lease("one", LONG);
        assertEquals(Commit.DONE, second().commit(0, List.of(brake("now"))));
    }

    @Test
    void theOutboxKeepsOrderKeepsOneOfAKindAndForgetsWhatIsDone() {
        var epoch = first().lease("one", LONG).orElseThrow();
        assertEquals(Commit.DONE, first().commit(epoch, 0, List.of(brake("a")), List.of(START, ADMIT, START)));
        assertEquals(Commit.DONE, first().commit(epoch, 1, List.of(), List.of(ADMIT)), "without events too");
        assertEquals(List.of(START, ADMIT), second().pending(10));
        assertEquals(List.of(START), second().pending(1));
        second().done(START);
        second().done(START);
        assertEquals(List.of(ADMIT), first().pending(10));
        assertEquals(1, first().load().revision(), "the outbox does not move the revision");
    }

    @Test
    void theLogIsNumberedChainedAndFoldsToTheState() {
        var events = new ArrayList<FleetEvent>();
        for (var i = 0; i < 25; i++) {
            events.add(page(i));
        }
        first().commit(0, events.subList(0, 10));
        second().commit(10, events.subList(10, 25));
        var log = new ArrayList<RecordedEvent>();
        for (var page = first().events(0, 7); !page.isEmpty(); page = first().events(log.size(), 7)) {
            log.addAll(page);
        }
        assertEquals(events, log.stream().map(RecordedEvent::event).toList());
        assertEquals(25, log.stream().map(RecordedEvent::hash).distinct().count());
        assertEquals(log, second().events(0, 1000), "both doors reckon the same hashes");
        for (var i = 0; i < log.size(); i++) {
            assertEquals(i + 1, log.get(i).number());
        }
        assertEquals(second().load().fleet(), Fleet.empty().after(log.stream().map(RecordedEvent::event).toList()));
        assertEquals(List.of(), first().events(25, 10));
        assertEquals(List.of(), first().events(1_000_000, 10));
    }

    @Test
    void ofCommitsInARaceExactlyOneWinsEachRevision() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var won = new ArrayList<Future<Integer>>();
            for (var writer = 0; writer < 4; writer++) {
                var store = writer % 2 == 0 ? first() : second();
                var name = writer;
                won.add(threads.submit(() -> {
                    var done = 0;
                    for (var i = 0; i < 25; i++) {
                        done += store.commit(store.load().revision(), List.of(page(name * 100 + i))) == Commit.DONE
                                ? 1 : 0;
                    }
                    return done;
                }));
            }
            var total = 0L;
            for (var each : won) {
                total += each.get();
            }
            assertNotEquals(0, total);
            assertEquals(total, first().load().revision());
            assertEquals(first().load(), second().load());
        }
    }

    @Test
    void anEpochIsNeverGivenTwice() {
        var seen = new ArrayList<Epoch>();
        for (var i = 0; i < 5; i++) {
            var store = i % 2 == 0 ? first() : second();
            var epoch = store.lease("holder " + i, LONG).orElseThrow();
            assertFalse(seen.contains(epoch));
            seen.add(epoch);
            pass(LONG.plusSeconds(1));
        }
    }
}
