package cambium.server.health;

import cambium.server.access.Permission;
import cambium.server.config.Role;
import cambium.server.http.Answer;
import cambium.server.http.Method;
import cambium.server.http.Route;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;

/// `GET /api/openapi.yaml`: what this server answers, for programs that read OpenAPI 3.1. Tells nothing about what is
/// stored, so anyone may read it. It changes with the program only.
public final class ApiDescription {
    private static final String RESOURCE = "/cambium/server/openapi.yaml";
    // RFC 9512.
    private static final String YAML = "application/yaml";

    private final Role anyHere;
    private final Answer answer;

    public ApiDescription(Set<Role> rolesHere) {
        this.anyHere = rolesHere.iterator().next();
        byte[] text = text();
        this.answer = Answer.bytes(200, YAML, text).with("ETag", "\"" + tag(text) + "\"")
                .with("Cache-Control", "public, max-age=300");
    }

    public Route route() {
        return new Route(Method.GET, "/api/openapi.yaml", anyHere, Permission.NONE, _ -> answer);
    }

    private static byte[] text() {
        try (var in = ApiDescription.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("the build left out " + RESOURCE);
            }
            return in.readAllBytes();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private static String tag(byte[] text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text)).substring(0, 32);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every JDK has SHA-256", missing);
        }
    }
}
