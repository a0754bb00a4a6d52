package cambium.demo;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// Asks the cells themselves, past the server, and then the server. In that order: what a cell runs must by then be
/// allowed, never the other way round.
final class Lookout {
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(2);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final HttpClient client;
    private final CambiumApi api;
    private final List<DemoCell> cells;

    Lookout(HttpClient client, CambiumApi api, List<DemoCell> cells) {
        this.client = client;
        this.api = api;
        this.cells = cells;
    }

    Moment look() throws IOException, InterruptedException {
        var asked = new LinkedHashMap<String, CompletableFuture<Optional<String>>>();
        for (DemoCell cell : cells) {
            var request = HttpRequest.newBuilder(URI.create(cell.url() + "/health")).timeout(ANSWER_WITHIN).build();
            asked.put(cell.name(), client.sendAsync(request, BodyHandlers.ofString())
                    .handle((answer, failure) -> failure == null ? version(answer) : Optional.empty()));
        }
        var answers = new LinkedHashMap<String, String>();
        asked.forEach((cell, answer) -> answer.join().ifPresent(version -> answers.put(cell, version)));
        return new Moment(answers, api.fleet());
    }

    private static Optional<String> version(HttpResponse<String> answer) {
        try {
            return Optional.of(JSON.readTree(answer.body()).path("version").asText()).filter(text -> !text.isEmpty());
        } catch (IOException otherProgram) {
            return Optional.empty();
        }
    }
}
