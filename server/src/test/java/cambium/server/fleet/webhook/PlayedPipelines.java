package cambium.server.fleet.webhook;

import cambium.rollout.AttemptId;
import cambium.server.http.Json;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;

/// A server of pipelines that begins a run with every start it is sent, however often: only its caller can see to it
/// that an attempt runs once. The name of the driver, in the address, says how a run goes.
final class PlayedPipelines implements AutoCloseable {
    /// How a start is answered.
    enum Answering { NAMES_THE_RUN, NAMES_NOTHING }

    private final HttpServer server;
    private final Answering answering;
    private final List<Run> runs = new ArrayList<>();
    private final Deque<Integer> refusals = new ArrayDeque<>();
    private int answersToLose;
    private boolean released;
    private String lastToken = "";
    private String lastKind = "";

    /// One run.
    static final class Run {
        final int id;
        final String attempt;
        final String behaviour;
        String state = "running";

        Run(int id, String attempt, String behaviour) {
            this.id = id;
            this.attempt = attempt;
            this.behaviour = behaviour;
        }
    }

    PlayedPipelines(Answering answering) throws IOException {
        this.answering = answering;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    synchronized void release() {
        released = true;
    }

    synchronized void refuse(int... statuses) {
        for (var status : statuses) {
            refusals.add(status);
        }
    }

    synchronized void loseAnswers(int count) {
        answersToLose = count;
    }

    synchronized void set(AttemptId attempt, String state) {
        runs.stream().filter(run -> run.attempt.equals(attempt.toString())).forEach(run -> run.state = state);
    }

    synchronized int runs(AttemptId attempt) {
        return (int) runs.stream().filter(run -> run.attempt.equals(attempt.toString())).count();
    }

    synchronized String lastToken() {
        return lastToken;
    }

    synchronized String lastKind() {
        return lastKind;
    }

    synchronized List<Run> now() {
        runs.forEach(this::proceed);
        return List.copyOf(runs);
    }

    List<String> running(AttemptId attempt) {
        return now().stream().filter(run -> run.attempt.equals(attempt.toString()) && run.state.equals("running"))
                .map(run -> "run " + run.id).toList();
    }

    private void proceed(Run run) {
        if (run.state.equals("running")) {
            run.state = switch (run.behaviour) {
                case "works" -> "success";
                case "breaks" -> "failed";
                default -> released ? "success" : "running";
            };
        }
    }

    private synchronized void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var path = exchange.getRequestURI().getPath().split("/");
            var body = exchange.getRequestBody().readAllBytes();
            if (path[1].equals("start")) {
                start(exchange, path[2], body);
            } else if (path.length == 2) {
                send(exchange, 200, Map.of("runs", runs.stream().map(PlayedPipelines::told).toList()));
            } else if (path.length == 4) {
                runs.stream().filter(run -> run.id == Integer.parseInt(path[2]) && run.state.equals("running"))
                        .forEach(run -> run.state = "canceled");
                send(exchange, 202, Map.of());
            } else {
                var run = runs.stream().filter(each -> each.id == Integer.parseInt(path[2])).findFirst();
                run.ifPresent(this::proceed);
                send(exchange, run.isPresent() ? 200 : 404, run.map(PlayedPipelines::told).orElse(Map.of()));
            }
        }
    }

    private void start(HttpExchange exchange, String behaviour, byte[] body) throws IOException {
        lastToken = exchange.getRequestHeaders().getFirst("X-Token");
        if (!refusals.isEmpty()) {
            send(exchange, refusals.poll(), Map.of("message", "not for " + lastToken));
            return;
        }
        lastKind = Json.read(body).path("kind").asText();
        var run = new Run(runs.size() + 1, Json.read(body).path("attempt").asText(), behaviour);
        runs.add(run);
        if (answersToLose-- > 0) {
            return;
        }
        if (answering == Answering.NAMES_THE_RUN) {
            send(exchange, 201, told(run));
        } else {
            exchange.sendResponseHeaders(204, -1);
        }
    }

    private static Map<String, Object> told(Run run) {
        var told = new LinkedHashMap<String, Object>();
        told.put("id", run.id);
        told.put("title", "cambium " + run.attempt);
        told.put("state", run.state);
        told.put("message", run.state.equals("failed") ? "no space left" : null);
        told.put("note", run.state.equals("success") ? "done" : "going on");
        return told;
    }

    private static void send(HttpExchange exchange, int status, Map<String, Object> body) throws IOException {
        var bytes = Json.write(body);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
