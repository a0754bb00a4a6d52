package cambium.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// An answer of the server, whole. Answers of the fleet are kilobytes; logs are bounded by the server.
///
/// @param coded the stable code of a refusal where it came in a header, as it does beside packagecloud's bodies
record Reply(int status, byte[] body, Optional<String> coded) {

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

    /// The stable code of a refusal; its status in words where the server gave none.
    String code() {
        return coded.or(() -> json().find("code")).orElse("status_" + status);
    }

    String text() {
        return new String(body, StandardCharsets.UTF_8);
    }
}
