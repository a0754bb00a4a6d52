package cambium.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// The server's public HTTP API, as much of it as the demo needs; nothing here goes past it.
final class CambiumApi {
    static final String REPOSITORY = "acme/storefront";
    private static final String CODENAME = "bookworm";
    /// The first repository waits for its signing keys, which are half a minute of work on a machine that is busy.
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(120);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final HttpClient client;
    private final String url;
    private final String token;

    CambiumApi(HttpClient client, String url, String token) {
        this.client = client;
        this.url = url;
        this.token = token;
    }

    String url() {
        return url;
    }

    String token() {
        return token;
    }

    boolean isReady() throws InterruptedException {
        try {
            return send(request("/health/ready").GET()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    void createRepository() throws IOException, InterruptedException {
        ObjectNode body = JSON.createObjectNode();
        body.putObject("repository").put("name", REPOSITORY).put("private", false);
        post("/api/v1/repos.json", body);
    }

    /// The number by which the API knows debian/bookworm.
    String distributionId() throws IOException, InterruptedException {
        for (JsonNode distribution : get("/api/v1/distributions.json").path("deb")) {
            for (JsonNode version : distribution.path("versions")) {
                if (version.path("index_name").asText().equals(CODENAME)) {
                    return version.path("id").asText();
                }
            }
        }
        throw new IOException("the server knows no debian/" + CODENAME);
    }

    /// @return the package's own address, to ask whether it is indexed
    String push(Path deb, String distributionId) throws IOException, InterruptedException {
        String boundary = "demo-" + System.nanoTime();
        var body = new ByteArrayOutputStream();
        body.write(("--" + boundary + "\r\nContent-Disposition: form-data; name=\"package[distro_version_id]\"\r\n\r\n"
                + distributionId + "\r\n--" + boundary
                + "\r\nContent-Disposition: form-data; name=\"package[package_file]\"; filename=\"" + deb.getFileName()
                + "\"\r\nContent-Type: application/octet-stream\r\n\r\n").getBytes(StandardCharsets.UTF_8));
        body.write(Files.readAllBytes(deb));
        body.write(("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8));
        return accepted(request("/api/v1/repos/" + REPOSITORY + "/packages.json")
                .header("Content-Type", "multipart/form-data; boundary=" + boundary)
                .POST(BodyPublishers.ofByteArray(body.toByteArray()))).path("self_url").asText();
    }

    boolean isIndexed(String packageUrl) throws IOException, InterruptedException {
        return get(packageUrl).path("indexed").asBoolean();
    }

    void apply(String yaml) throws IOException, InterruptedException {
        accepted(request("/api/fleet").header("Content-Type", "application/yaml").PUT(BodyPublishers.ofString(yaml)));
    }

    void startRollout(String version) throws IOException, InterruptedException {
        post("/api/fleet/rollouts", JSON.createObjectNode().put("version", version));
    }

    FleetView fleet() throws IOException, InterruptedException {
        return FleetView.of(get("/api/fleet"));
    }

    /// Why a version is where it is, in one sentence.
    String why(String version) throws IOException, InterruptedException {
        return get("/api/fleet/why/" + version).path("text").asText();
    }

    /// Whether the index that the cells of a ring read offers that version of the shop.
    boolean offers(int ring, String version) throws IOException, InterruptedException {
        String index = "/" + REPOSITORY + "/rings/" + ring + "/debian/dists/" + CODENAME
                + "/main/binary-amd64/Packages";
        HttpResponse<String> answer = send(request(index).GET());
        if (answer.statusCode() != 200 && answer.statusCode() != 404) {
            throw new IOException(index + " answered " + answer.statusCode());
        }
        return answer.statusCode() == 200 && answer.body().lines().anyMatch(("Version: " + version)::equals);
    }

    /// Signs a browser in, once.
    String signInLink() throws IOException, InterruptedException {
        return post("/api/access/sign-in-links", JSON.createObjectNode()).path("url").asText();
    }

    private JsonNode get(String path) throws IOException, InterruptedException {
        return accepted(request(path).GET());
    }

    private JsonNode post(String path, ObjectNode body) throws IOException, InterruptedException {
        return accepted(request(path).header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.toString())));
    }

    private JsonNode accepted(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> answer = send(request);
        if (answer.statusCode() / 100 != 2) {
            HttpRequest asked = answer.request();
            throw new IOException(asked.method() + " " + asked.uri().getPath() + " answered " + answer.statusCode()
                    + ": " + answer.body().strip());
        }
        return answer.body().isBlank() ? JSON.createObjectNode() : JSON.readTree(answer.body());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url + path)).timeout(ANSWER_WITHIN)
                .header("Authorization", "Bearer " + token);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofString());
    }
}
