package cambium.server.repository;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;

/// A multipart form written by hand, so that tests can write it oddly.
final class TestForm {
    static final String BOUNDARY = "----cambium-test-4711";

    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private boolean ended;

    TestForm raw(String text) {
        body.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    TestForm file(byte[] content) {
        return file("package[package_file]", "filename=\"Xy12.bin\"", content);
    }

    TestForm file(String name, String filename, byte[] content) {
        raw("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + name + "\"; " + filename
            + "\r\nContent-Type: text/plain\r\n\r\n");
        body.writeBytes(content);
        return raw("\r\n");
    }

    TestForm field(String name, String value) {
        return raw("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value
            + "\r\n");
    }

    /// Leaves out the last boundary.
    TestForm unended() {
        ended = true;
        return this;
    }

    byte[] bytes() {
        if (!ended) {
            ended = true;
            raw("--" + BOUNDARY + "--\r\n");
        }
        return body.toByteArray();
    }

    HttpRequest.Builder request(HttpRequest.Builder to) {
        return to.header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
            .POST(BodyPublishers.ofByteArray(bytes()));
    }
}
