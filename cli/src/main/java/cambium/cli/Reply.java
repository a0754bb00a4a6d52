package cambium.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// An answer of the server, whole. Answers of the fleet are kilobytes; logs are bounded by the server.
record Reply(int status, byte[] body) {

    boolean ok() {
        return status >= 200 && status < 300;
    }

    /// The body as JSON; an object without fields where it is none, so that what it meant can still be looked at.
    Json json() {
        try {
            return Json.parse(body);
        } catch (IOException notJson) {
            return Json.fields();
        }
    }

    String text() {
        return new String(body, StandardCharsets.UTF_8);
    }
}
