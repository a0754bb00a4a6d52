package cambium.cli;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/// Runs the usual commands once against answers of its own, so that the launcher can record which classes they load
/// and later commands start from that recording. It changes nothing but the start time.
final class Rehearsal {
    private static final String ANSWER = """
            {"fleet":"rehearsal","revision":1,"perimeter":1,"at":"2026-01-01T00:00:00Z","brakes":[{"scope":"ring 2",
            "by":"anna","why":"checking","since":"2026-01-01T00:00:00Z","until":null}],"versions":[{"version":"1.0.0",
            "state":"rolling","graduated":true,"since":"2026-01-01T00:00:00Z","wait":{"code":"baking","text":"bakes",
            "until":"2026-01-01T00:01:00Z"}}],"rings":[{"ring":0,"inside_perimeter":true,"state":"baking",
            "target":"1.0.0"}],"cells":[{"cell":"canary","ring":0,"state":"baking","version":"1.0.0"}],"events":[]}
            """;

    private Rehearsal() {}

    public static void main(String[] arguments) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] body = ANSWER.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        var silence = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        var surroundings = new Surroundings(
                Map.of("CAMBIUM_URL", "http://127.0.0.1:" + server.getAddress().getPort(),
                        "CAMBIUM_TOKEN", "rehearsal"),
                Path.of(""), Path.of(""), silence, silence, true, InstantSource.system(), _ -> { });
        for (String line : List.of(
                "help", "version", "status", "status --json", "why canary", "events", "brake", "wrong",
                "brake on --why x --until 1h", "deploy 1.0.0", "graduate 1.0.0", "pdm 1.0.0", "rollback canary --why x",
                "log a.1 --json", "status --server http://127.0.0.1:1")) {
            new Program(surroundings).run(line.split(" "));
        }
        server.stop(0);
        System.exit(0);
    }
}
