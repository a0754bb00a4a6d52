package cambium.server.fleet.yaml;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/// How a server beside us is reached, as a file of this machine says it.
///
/// @param address the server that all this is for
/// @param ca file of the certificates that are trusted, where those of the system are not
public record ServerAccess(String address, Optional<String> token, Optional<String> user, Optional<String> password,
        Optional<String> ca) {

    /// Reads all fields of the section.
    static ServerAccess read(Section section) {
        var access = new ServerAccess(section.required("address"), section.text("token"), section.text("user"),
                section.text("password"), section.text("ca"));
        section.done();
        if (access.token().isPresent() && access.user().isPresent()) {
            section.problem("user", "either a token or a user is expected");
        }
        if (access.user().isPresent() != access.password().isPresent()) {
            section.problem("password", "user and password belong together");
        }
        return access;
    }

    /// The value of the header `Authorization`.
    public Optional<String> authorization() {
        return token.map(text -> "Bearer " + text).or(() -> user.map(name -> "Basic " + Base64.getEncoder()
                .encodeToString((name + ":" + password.orElse("")).getBytes(StandardCharsets.UTF_8))));
    }

    /// Without what must not be told.
    @Override
    public String toString() {
        return address;
    }
}
