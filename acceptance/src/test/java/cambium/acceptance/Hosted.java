package cambium.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// A repository on a running server, spoken to as packagecloud's clients do.
public record Hosted(RunningServer server, String fullName) {
    /// packagecloud's number of debian/bookworm.
    public static final String BOOKWORM = "215";
    /// packagecloud's number of el/9.
    public static final String EL9 = "240";
    private static final String BOUNDARY = "----cambium-acceptance-7d1f";
    private static final int PER_PAGE = 250;

    /// Makes it on the server.
    public static Hosted create(RunningServer server, String fullName) throws IOException {
        return create(server, fullName, "0");
    }

    public static Hosted createPrivate(RunningServer server, String fullName) throws IOException {
        return create(server, fullName, "1");
    }

    private static Hosted create(RunningServer server, String fullName, String isPrivate) throws IOException {
        server.post("/api/v1/repos",
                "{\"repository\":{\"name\":\"" + fullName + "\",\"private\":\"" + isPrivate + "\"}}");
        return new Hosted(server, fullName);
    }

    public String packagesPath() {
        return "/api/v1/repos/" + fullName + "/packages.json";
    }

    /// Pushes; the answer may be a refusal.
    public HttpResponse<String> push(byte[] deb) throws IOException {
        return server.send(pushRequest(deb).build());
    }

    public HttpResponse<String> push(Path deb) throws IOException {
        return push(Files.readAllBytes(deb));
    }

    public HttpResponse<String> push(Path file, String distribution) throws IOException {
        return server.send(pushRequest(Files.readAllBytes(file), distribution).build());
    }

    /// Pushes what must be taken.
    public void pushed(Path deb) throws IOException {
        pushed(deb, BOOKWORM);
    }

    /// The same for another distribution, by packagecloud's number.
    public void pushed(Path file, String distribution) throws IOException {
        var answer = push(file, distribution);
        if (answer.statusCode() != 201) {
            throw new AssertionError("push of " + file.getFileName() + " answered " + answer.statusCode() + " "
                    + answer.body() + "\n" + server.output());
        }
    }

    public HttpRequest.Builder pushRequest(byte[] deb) {
        return pushRequest(deb, BOOKWORM);
    }

    private HttpRequest.Builder pushRequest(byte[] file, String distribution) {
        return HttpRequest.newBuilder(server.at(packagesPath())).timeout(Duration.ofSeconds(240))
                .header("Authorization", RunningServer.basic(RunningServer.TOKEN))
                .header("Content-Type", contentType())
                .POST(HttpRequest.BodyPublishers.ofByteArray(form(file, distribution)));
    }

    /// Pushes a source package with its files, each under its own name; it must be taken.
    public void pushedSource(Path dsc, List<Path> others) throws IOException {
        var body = new ByteArrayOutputStream();
        for (var other : others) {
            body.writeBytes(("--" + BOUNDARY + "\r\nContent-Disposition: form-data; "
                    + "name=\"package[source_files][]\"; filename=\"" + other.getFileName()
                    + "\"\r\nContent-Type: text/plain\r\n\r\n").getBytes(UTF_8));
            body.writeBytes(Files.readAllBytes(other));
            body.writeBytes("\r\n".getBytes(UTF_8));
        }
        body.writeBytes(form(Files.readAllBytes(dsc)));
        var answer = server.send(HttpRequest.newBuilder(server.at(packagesPath())).timeout(Duration.ofSeconds(240))
                .header("Authorization", RunningServer.basic(RunningServer.TOKEN))
                .header("Content-Type", contentType())
                .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray())).build());
        if (answer.statusCode() != 201) {
            throw new AssertionError("push of " + dsc.getFileName() + " answered " + answer.statusCode() + " "
                    + answer.body());
        }
    }

    public static String contentType() {
        return "multipart/form-data; boundary=" + BOUNDARY;
    }

    /// The body of a push: the file first, as packagecloud's command line sends it.
    public static byte[] form(byte[] deb) {
        return form(deb, BOOKWORM);
    }

    private static byte[] form(byte[] file, String distribution) {
        var body = new ByteArrayOutputStream();
        body.writeBytes(("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"package[package_file]\"; "
                + "filename=\"any-name\"\r\nContent-Type: application/octet-stream\r\n\r\n").getBytes(UTF_8));
        body.writeBytes(file);
        body.writeBytes(("\r\n--" + BOUNDARY + "\r\nContent-Disposition: form-data; "
                + "name=\"package[distro_version_id]\"\r\n\r\n" + distribution + "\r\n--" + BOUNDARY + "--\r\n")
                .getBytes(UTF_8));
        return body.toByteArray();
    }

    /// A new read token, as a client is given one: below a master token.
    public String readToken() throws IOException {
        var master = server.post("/api/v1/repos/" + fullName + "/master_tokens.json",
                "{\"master_token\":{\"name\":\"fleet\"}}");
        return server.post(master.at("/paths/self").asText().replace(".json", "") + "/read_tokens.json",
                "{\"read_token\":{\"name\":\"host\"}}").get("value").asText();
    }

    /// Every package of the repository, all pages.
    public List<JsonNode> packages() throws IOException {
        var all = new ArrayList<JsonNode>();
        for (int page = 1; ; page++) {
            var rows = server.get(packagesPath() + "?per_page=" + PER_PAGE + "&page=" + page);
            rows.forEach(all::add);
            if (rows.isEmpty()) {
                return all;
            }
        }
    }

    public Set<String> fileNames() throws IOException {
        var names = new TreeSet<String>();
        packages().forEach(row -> names.add(row.get("filename").asText()));
        return names;
    }

    /// Waits until every package is in a signed index.
    public void awaitIndexed() throws Exception {
        Await.until("all packages of " + fullName + " are indexed",
                () -> packages().stream().allMatch(row -> row.get("indexed").asBoolean()));
    }

    public int delete(String fileName) throws IOException {
        return delete("debian/bookworm", fileName);
    }

    public int delete(String distribution, String fileName) throws IOException {
        return server.send("DELETE", "/api/v1/repos/" + fullName + "/" + distribution + "/" + fileName,
                "application/json", "").statusCode();
    }
}
