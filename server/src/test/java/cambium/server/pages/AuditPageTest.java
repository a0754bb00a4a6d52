package cambium.server.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.FleetEvent;
import cambium.rollout.LogFlaw;
import cambium.rollout.Scope;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The whole log for people to read, a piece at a time.
class AuditPageTest {
    private static final Pattern NUMBER = Pattern.compile("id=\"event-([0-9]+)\"");
    private static final Pattern EARLIER = Pattern.compile("href=\"(/audit\\?before=[^\"]+)\" rel=\"next\"");
    private final InstantSource clock = InstantSource.fixed(ExampleFleet.NOW);
    private final ExampleServer server = new ExampleServer(clock).withExample();

    @AfterEach
    void stop() {
        server.close();
    }

    private String page(String path) {
        var answer = server.http.get(path);
        assertEquals(200, answer.statusCode(), answer.body());
        return answer.body();
    }

    private static List<Long> numbers(String page) {
        return NUMBER.matcher(page).results().map(found -> Long.parseLong(found.group(1))).toList();
    }

    /// From the newest on, by the link to what was before.
    private List<Long> walked(String first) {
        var numbers = new ArrayList<Long>();
        for (var next = Optional.of(first); next.isPresent();) {
            var page = page(next.get());
            assertTrue(numbers(page).size() <= AuditPage.MOST_LINES, "a piece is bounded");
            numbers.addAll(numbers(page));
            next = EARLIER.matcher(page).results().map(found -> found.group(1).replace("&amp;", "&")).findFirst();
        }
        return numbers;
    }

    private void brake(String by, int times) {
        for (int i = 0; i < times; i++) {
            var revision = server.store.load().revision();
            server.store.commit(revision, List.of(new FleetEvent.BrakeSet(ExampleFleet.NOW, by, new Scope.FleetWide(),
                    "drill " + i, Optional.empty(), false)));
        }
    }

    private static List<Long> down(long from, long to) {
        return LongStream.iterate(from, number -> number >= to, number -> number - 1).boxed().toList();
    }

    @Test
    void leadsFromTheNewestEventToTheFirstWithoutLeavingOneOutOrSayingOneTwice() {
        brake("mallory <b>", 1_250);
        var revision = server.store.load().revision();
        assertEquals(down(revision, 1), walked("/audit"));
        var newest = page("/audit");
        assertTrue(newest.contains("mallory &lt;b&gt;") && newest.contains("drill 1249"), "who and why, as text");
        assertFalse(newest.contains("mallory <b>"));
        assertEquals(List.of(), numbers(page("/audit?before=1")));
        assertEquals(List.of(3L, 2L, 1L), numbers(page("/audit?before=4")));
    }

    @Test
    void findsWhatOnePersonDidAndWhatPeopleDidAtAll() {
        var before = server.store.load().revision();
        brake("ruth", 3);
        brake(FleetEvent.AUTOMATION, 1_100);
        brake("olga & co", 120);
        var revision = server.store.load().revision();
        assertEquals(down(before + 3, before + 1), walked("/audit?who=ruth"), "far behind what others did");
        assertEquals(down(revision, revision - 119), walked("/audit?who=olga+%26+co"), "over two pieces");
        var people = walked("/audit?people=true");
        assertTrue(people.containsAll(walked("/audit?who=ruth")) && people.contains(revision), people.toString());
        assertTrue(LongStream.range(before + 4, revision - 119).noneMatch(people::contains), "what nobody did");
        assertTrue(page("/audit?who=nobody-at-all").contains("None of the events looked at fits."));
    }

    @Test
    void saysWhetherTheLogIsBelieved() {
        assertTrue(page("/audit").contains("carries the hash of the one before"));
        server.store.commit(server.store.load().revision(), List.of(new FleetEvent.LogDoubted(ExampleFleet.NOW,
                new LogFlaw(7, "abc", "is not what was written"))));
        var doubted = page("/audit");
        assertTrue(doubted.contains("event 7 of the fleet's log is not what was written"), doubted);
        assertFalse(doubted.contains("carries the hash of the one before"));
        assertEquals(422, server.http.get("/audit?before=x").statusCode());
        assertEquals(422, server.http.get("/audit?before=99999999999999999999").statusCode());
    }
}
