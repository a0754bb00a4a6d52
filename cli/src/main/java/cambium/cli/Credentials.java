package cambium.cli;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Which server, and with which token. First found wins:
///
/// - server: `--server`, `CAMBIUM_URL`, first line of the credentials file, `http://127.0.0.1:7070`
/// - token: `--token`, `--token-file`, `CAMBIUM_TOKEN`, the server's line of the credentials file, and, only for a
///   server on this machine, `./data/admin-token`: an admin token never goes to a host by mere vicinity
///
/// The credentials file is `cambium/credentials` under `XDG_CONFIG_HOME`, by default `~/.config`; one `URL TOKEN`
/// a line.
final class Credentials {
    static final String DEFAULT_SERVER = "http://127.0.0.1:7070";
    private static final int MAX_FILE_BYTES = 64 * 1024;

    private final Surroundings surroundings;

    Credentials(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    Api api(Optional<String> server, Optional<String> token, Optional<Path> tokenFile) {
        List<Line> lines = lines();
        URI url = parse(server.or(() -> variable("CAMBIUM_URL"))
                .or(() -> lines.stream().map(Line::server).findFirst()).orElse(DEFAULT_SERVER));
        Optional<String> secret = token
                .or(() -> tokenFile.map(this::tokenIn))
                .or(() -> variable("CAMBIUM_TOKEN"))
                .or(() -> lines.stream().filter(line -> sameServer(line.server(), url)).map(Line::token).findFirst())
                .or(() -> localAdminToken(url));
        secret.ifPresent(Credentials::check);
        return new Api(url, secret);
    }

    private Optional<String> variable(String name) {
        return Optional.ofNullable(surroundings.environment().get(name)).filter(value -> !value.isBlank());
    }

    private static URI parse(String text) {
        try {
            var uri = new URI(text.replaceAll("/+$", ""));
            boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (web && uri.getHost() != null && uri.getQuery() == null && uri.getUserInfo() == null) {
                return uri;
            }
        } catch (URISyntaxException reported) {
            // said below, like every other malformed address
        }
        throw Stop.usage("'" + text + "' is not the address of a server", "write it like " + DEFAULT_SERVER);
    }

    private static boolean sameServer(String line, URI url) {
        return line.replaceAll("/+$", "").equals(url.toString());
    }

    private String tokenIn(Path file) {
        return read(surroundings.folder().resolve(file)).orElseThrow(
                () -> Stop.usage("cannot read the token file " + file, "check the path and its permissions")).strip();
    }

    private Optional<String> localAdminToken(URI url) {
        boolean here = List.of("127.0.0.1", "localhost", "[::1]").contains(url.getHost());
        return here ? read(surroundings.folder().resolve("data/admin-token")).map(String::strip) : Optional.empty();
    }

    /// A stray newline or a whole wrong file would otherwise become a broken header.
    private static void check(String token) {
        if (!token.matches("[\\x21-\\x7e]{4,512}")) {
            throw Stop.usage("the token has characters no token has",
                    "a token is one word, such as 48 hexadecimal digits");
        }
    }

    private List<Line> lines() {
        Path configuration = variable("XDG_CONFIG_HOME").map(Path::of)
                .orElseGet(() -> surroundings.home().resolve(".config"));
        return read(configuration.resolve("cambium/credentials")).map(text -> text.lines()
                .map(line -> line.strip().split("\\s+"))
                .filter(words -> words.length == 2 && !words[0].startsWith("#"))
                .map(words -> new Line(words[0], words[1]))
                .toList()).orElse(List.of());
    }

    private static Optional<String> read(Path file) {
        try {
            return Files.isRegularFile(file) && Files.size(file) <= MAX_FILE_BYTES
                    ? Optional.of(Files.readString(file)) : Optional.empty();
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    private record Line(String server, String token) {}
}
