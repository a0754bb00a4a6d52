package cambium.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// Customers: a steady, bounded stream of requests to each cell, mostly looking at older orders. A cell that does not
/// answer is asked again later, not harder.
final class Traffic {
    static final int REQUESTS_A_SECOND = 12;
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(3);
    private static final int KNOWN_ORDERS = 30;

    private final HttpClient client;
    private final Map<String, Count> counts = new LinkedHashMap<>();
    private volatile boolean stopped;

    /// Requests of one cell so far.
    record Count(LongAdder answered, LongAdder errors) {}

    Traffic(HttpClient client) {
        this.client = client;
    }

    void start(List<DemoCell> cells, long seed) {
        for (DemoCell cell : cells) {
            counts.put(cell.name(), new Count(new LongAdder(), new LongAdder()));
        }
        for (int i = 0; i < cells.size(); i++) {
            DemoCell cell = cells.get(i);
            RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed + i);
            Thread.ofVirtual().name("customers of " + cell.name()).start(() -> visit(cell, random));
        }
    }

    void stop() {
        stopped = true;
    }

    Count of(DemoCell cell) {
        return counts.get(cell.name());
    }

    private void visit(DemoCell cell, RandomGenerator random) {
        Count count = counts.get(cell.name());
        try {
            while (!stopped) {
                long begun = System.nanoTime();
                try {
                    int code = client.send(request(cell, random), BodyHandlers.discarding()).statusCode();
                    (code >= 500 ? count.errors() : count.answered()).increment();
                } catch (IOException notNow) {
                    // Not deployed yet, or being replaced: what the cell itself counts is what is judged.
                }
                long spent = (System.nanoTime() - begun) / 1_000_000;
                Thread.sleep(Math.max(1, 1000 / REQUESTS_A_SECOND - spent));
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private static HttpRequest request(DemoCell cell, RandomGenerator random) {
        int kind = random.nextInt(10);
        var builder = HttpRequest.newBuilder().timeout(ANSWER_WITHIN);
        if (kind < 2) {
            return builder.uri(URI.create(cell.url() + "/")).build();
        }
        if (kind < 3) {
            return builder.uri(URI.create(cell.url() + "/orders"))
                    .POST(BodyPublishers.ofString("item=bench&quantity=" + (1 + random.nextInt(12)))).build();
        }
        return builder.uri(URI.create(cell.url() + "/orders/" + (1 + random.nextInt(KNOWN_ORDERS)))).build();
    }
}
