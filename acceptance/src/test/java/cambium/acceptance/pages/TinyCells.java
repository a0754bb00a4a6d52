package cambium.acceptance.pages;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Cells that are no more than a file each, holding the version that the driver wrote there, and a page that tells it.
/// A file `fail-<version>` in the folder makes every deployment of that version fail.
final class TinyCells implements AutoCloseable {
    static final List<String> NAMES = List.of(
            "canary", "qa", "main", "cell-1", "cell-2", "cell-3", "cell-4", "cell-5", "cell-6", "cell-7");
    private static final String STEP = """
            #!/bin/sh
            set -eu
            folder=$CAMBIUM_SETTING_FOLDER
            echo "$CAMBIUM_STEP of $CAMBIUM_VERSION on $CAMBIUM_CELL"
            case $CAMBIUM_STEP in
              deploy | rollback)
                if [ -e "$folder/fail-$CAMBIUM_VERSION" ]; then echo "disk is full" >&2; exit 3; fi
                echo "$CAMBIUM_VERSION" > "$folder/$CAMBIUM_CELL.new"
                mv "$folder/$CAMBIUM_CELL.new" "$folder/$CAMBIUM_CELL"
                ;;
            esac
            """;

    private final Path folder;
    private final HttpServer server;

    TinyCells(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::tell);
        server.start();
    }

    private void tell(HttpExchange exchange) throws IOException {
        try (exchange) {
            Path cell = folder.resolve(exchange.getRequestURI().getPath().substring(1));
            if (!Files.exists(cell)) {
                exchange.sendResponseHeaders(503, -1);
                return;
            }
            String version = Files.readString(cell).strip();
            byte[] body = ("{\"version\":\"" + version + "\",\"status\":\"ok\"}").getBytes(UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    /// The folder of drivers for the server, with the driver `tiny` in it.
    Path drivers() throws IOException {
        Path tiny = Files.createDirectories(folder.resolve("drivers/tiny"));
        for (String step : List.of("deploy", "pdm", "rollback", "qa")) {
            Path program = tiny.resolve(step);
            Files.writeString(program, STEP);
            if (!program.toFile().setExecutable(true)) {
                throw new IOException("cannot make " + step + " executable");
            }
        }
        return folder.resolve("drivers");
    }

    /// From now on no deployment of that version succeeds.
    void failEvery(String version) throws IOException {
        Files.createFile(folder.resolve("fail-" + version));
    }

    /// The example's ten cells in four rings, perimeter 1, with bakes of a second.
    String fleet() {
        var yaml = new StringBuilder("""
                fleet: example
                product: {repository: acme/storefront, distribution: debian/bookworm, packages: [storefront]}
                perimeter: 1
                graduate: automatic
                policy: {bake: {time: 1s, samples: 0}, pdm: after-bake, health: none, timeout: 1m}
                rings:
                """);
        int[] rings = {0, 0, 1, 2, 2, 2, 3, 3, 3, 3};
        int last = -1;
        for (int place = 0; place < NAMES.size(); place++) {
            if (rings[place] != last) {
                last = rings[place];
                yaml.append("  - ring: ").append(last).append("\n    cells:\n");
            }
            yaml.append(cell(NAMES.get(place)));
        }
        return yaml.toString();
    }

    private String cell(String name) {
        String kind = switch (name) {
            case "canary", "qa", "main" -> name;
            default -> "secondary";
        };
        return "      - {cell: " + name + ", kind: " + kind + ", driver: tiny, health: \"http://127.0.0.1:"
                + server.getAddress().getPort() + "/" + name + "\", settings: {folder: \"" + folder + "\"}}\n";
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
