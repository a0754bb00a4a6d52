package cambium.server.pages;

import cambium.server.access.Permission;
import cambium.server.config.Role;
import cambium.server.http.Answer;
import cambium.server.http.Call;
import cambium.server.http.Method;
import cambium.server.http.Refused;
import cambium.server.http.Route;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/// The style sheet, the scripts and the mark, held in memory. An address with the stamp never changes its meaning and
/// may be kept for a year; one without is asked for again each time.
final class StaticFiles {
    private static final String HTMX = "/META-INF/resources/webjars/htmx.org/2.0.10/dist/htmx.min.js";
    private static final String SCRIPT = "text/javascript; charset=utf-8";

    private final Map<String, Answer.Bytes> files = new LinkedHashMap<>();
    private final String stamp;

    StaticFiles() {
        MessageDigest all = sha256();
        add(all, "site.css", "/static/site.css", "text/css; charset=utf-8");
        add(all, "site.js", "/static/site.js", SCRIPT);
        add(all, "repositories.js", "/static/repositories.js", SCRIPT);
        add(all, "upload.js", "/static/upload.js", SCRIPT);
        add(all, "theme.js", "/static/theme.js", SCRIPT);
        add(all, "htmx.min.js", HTMX, SCRIPT);
        add(all, "mark.svg", "/static/mark.svg", "image/svg+xml");
        this.stamp = HexFormat.of().formatHex(all.digest()).substring(0, 12);
    }

    String stamp() {
        return stamp;
    }

    Route route() {
        return new Route(Method.GET, "/static/{file}", Role.WEB, Permission.NONE, this::file);
    }

    private Answer file(Call call) {
        Answer.Bytes found = files.get(call.param("file"));
        if (found == null) {
            throw new Refused(404, "not_found", "there is no such file");
        }
        return call.query(stamp).isPresent()
                ? found.with("Cache-Control", "public, max-age=31536000, immutable")
                : found;
    }

    private void add(MessageDigest all, String name, String resource, String type) {
        byte[] bytes = read(resource);
        all.update(bytes);
        String digest = HexFormat.of().formatHex(sha256().digest(bytes)).substring(0, 32);
        files.put(name, Answer.bytes(200, type, bytes)
                .with("ETag", "\"" + digest + "\"")
                .with("Cache-Control", "no-cache"));
    }

    private static byte[] read(String resource) {
        try (InputStream input = StaticFiles.class.getResourceAsStream(resource)) {
            if (input == null) {
                throw new IllegalStateException("the build left out " + resource);
            }
            return input.readAllBytes();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every JDK has SHA-256", missing);
        }
    }
}
