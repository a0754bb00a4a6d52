package cambium.server.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import cambium.server.testing.Crowd;
import cambium.server.testing.Eventually;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class QuestionsTest {
    private final List<List<String>> asked = new ArrayList<>();
    private final Semaphore go = new Semaphore(0);

    private Map<String, Integer> lengths(List<String> words) {
        go.acquireUninterruptibly();
        asked.add(List.copyOf(words));
        if (words.contains("bad")) {
            throw new IllegalStateException("the database did not answer");
        }
        return words.stream().distinct().filter(word -> !word.isEmpty())
                .collect(Collectors.toMap(Function.identity(), String::length));
    }

    /// Whoever comes while a question is asked is part of the next, with what it wants to know.
    @Test
    void aCrowdIsOneQuestionAndEachGetsItsOwnAnswer() throws Exception {
        var questions = new Questions<>(this::lengths);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = threads.submit(() -> questions.of("first"));
            Eventually.holds("the first is asked", go::hasQueuedThreads);
            var answers = new ConcurrentHashMap<String, Optional<Integer>>();
            var crowd = Crowd.of(List.of("a", "bb", ""), word -> answers.put(word, questions.of(word)), threads);
            go.release(10);
            assertEquals(Optional.of(5), first.get());
            for (var each : crowd) {
                each.get();
            }
            assertEquals(Map.of("a", Optional.of(1), "bb", Optional.of(2), "", Optional.empty()), answers);
        }
        assertEquals(List.of(1, 3), asked.stream().map(List::size).toList());
    }

    @Test
    void whatFailsIsAskedAnewByWhoeverComesLater() throws Exception {
        var questions = new Questions<>(this::lengths);
        go.release(2);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            assertEquals("the database did not answer", assertThrows(ExecutionException.class,
                    threads.submit(() -> questions.of("bad"))::get).getCause().getMessage());
            assertEquals(Optional.of(4), threads.submit(() -> questions.of("good")).get());
        }
    }
}
