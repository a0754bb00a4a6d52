package cambium.cli;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpRetryException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/// The server over HTTP/1.1. HttpURLConnection rather than HttpClient: a command makes one request and ends,
/// and the smaller machinery costs a tenth of the start time (50 ms against 500 ms for a whole process).
final class Api {
    static final Duration CONNECT_WITHIN = Duration.ofSeconds(5);
    static final Duration ANSWER_WITHIN = Duration.ofSeconds(60);
    /// A big file may be checked and stored for a while after its last byte.
    static final Duration UPLOAD_ANSWER_WITHIN = Duration.ofSeconds(300);

    private static final long MAX_BUFFERED_BYTES = 256 * 1024;

    private final URI server;
    private final Optional<String> token;

    Api(URI server, Optional<String> token) {
        this.server = server;
        this.token = token;
    }

    URI server() {
        return server;
    }

    boolean hasToken() {
        return token.isPresent();
    }

    /// @throws Stop when the server refuses or cannot be reached
    Reply get(String path) {
        return accepted(exchange("GET", path, Optional.empty()));
    }

    Reply post(String path, Json body) {
        return post(path, Body.of(body));
    }

    Reply post(String path, Body body) {
        return accepted(exchange("POST", path, Optional.of(body)));
    }

    Reply put(String path, Body body) {
        return accepted(exchange("PUT", path, Optional.of(body)));
    }

    Reply delete(String path) {
        return accepted(exchange("DELETE", path, Optional.empty()));
    }

    /// The answer as it is, refused or not.
    Reply exchange(String method, String path, Optional<Body> body) {
        HttpURLConnection connection = null;
        try {
            connection = open(method, path);
            Optional<IOException> cut = Optional.empty();
            if (body.isPresent()) {
                cut = send(connection, body.get());
            }
            return answer(connection, cut);
        } catch (IOException broken) {
            throw Refusals.unreachable(server, broken);
        } finally {
            if (connection != null) {
                connection.disconnect();
            }
        }
    }

    private HttpURLConnection open(String method, String path) throws IOException {
        var connection = (HttpURLConnection) URI.create(server + path).toURL().openConnection();
        connection.setRequestMethod(method);
        connection.setConnectTimeout((int) CONNECT_WITHIN.toMillis());
        connection.setReadTimeout((int) ANSWER_WITHIN.toMillis());
        connection.setInstanceFollowRedirects(false);
        connection.setUseCaches(false);
        connection.setRequestProperty("User-Agent", "cambium-cli");
        connection.setRequestProperty("Accept", "application/json, text/plain");
        token.ifPresent(secret -> connection.setRequestProperty("Authorization", "Bearer " + secret));
        return connection;
    }

    /// Sends the body. A server may refuse before it has read it all (too large, not allowed) and close: then writing
    /// fails although an answer waits, so the failure is kept and only counts when there is no answer.
    private static Optional<IOException> send(HttpURLConnection connection, Body body) throws IOException {
        connection.setDoOutput(true);
        connection.setRequestProperty("Content-Type", body.type());
        if (body.length() > MAX_BUFFERED_BYTES) {
            // Not buffered, at the price that the body of a 401 cannot be read.
            connection.setFixedLengthStreamingMode(body.length());
            connection.setReadTimeout((int) UPLOAD_ANSWER_WITHIN.toMillis());
        }
        OutputStream out = connection.getOutputStream();
        try (out) {
            body.content().writeTo(out);
            return Optional.empty();
        } catch (UnreadableFile ours) {
            throw ours;
        } catch (IOException cut) {
            return Optional.of(cut);
        }
    }

    private static Reply answer(HttpURLConnection connection, Optional<IOException> cut) throws IOException {
        try {
            int status = connection.getResponseCode();
            return new Reply(status, body(connection),
                    Optional.ofNullable(connection.getHeaderField("X-Cambium-Code")));
        } catch (HttpRetryException unauthenticated) {
            return new Reply(unauthenticated.responseCode(), new byte[0], Optional.empty());
        } catch (IOException none) {
            throw cut.orElse(none);
        }
    }

    private static byte[] body(HttpURLConnection connection) throws IOException {
        try (InputStream in = connection.getResponseCode() < 400
                ? connection.getInputStream() : connection.getErrorStream()) {
            return in == null ? new byte[0] : in.readAllBytes();
        } catch (FileNotFoundException withoutBody) {
            return new byte[0];
        }
    }

    private static Reply accepted(Reply reply) {
        if (!reply.ok()) {
            throw Refusals.of(reply);
        }
        return reply;
    }

    /// One segment of a path or one value of a query, escaped.
    static String segment(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /// The address of what we know of a repository beyond packagecloud's API.
    static String repository(String name) {
        return "/api/repositories/" + escaped(name);
    }

    /// The name of a repository, `owner/name`, escaped; or a complaint.
    static String escaped(String name) {
        if (!name.matches("[^/]+/[^/]+")) {
            throw Stop.usage("'" + name + "' is not a repository", "write for example: acme/storefront");
        }
        String[] names = name.split("/");
        return segment(names[0]) + "/" + segment(names[1]);
    }

    /// What a request carries. The length is known before, so that nothing is buffered whole.
    record Body(String type, long length, Content content) {

        static Body of(Json json) {
            return of("application/json", json.write().getBytes(StandardCharsets.UTF_8));
        }

        static Body of(String type, byte[] bytes) {
            return new Body(type, bytes.length, out -> out.write(bytes));
        }
    }

    /// Writes exactly as many bytes as were announced.
    @FunctionalInterface
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /// The operator's own file failed while it was being sent: not the server's doing.
    static final class UnreadableFile extends IOException {
        private static final long serialVersionUID = 1;

        UnreadableFile(String message) {
            super(message);
        }
    }
}
