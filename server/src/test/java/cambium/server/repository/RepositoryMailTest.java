package cambium.server.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.server.config.MailSettings.Security;
import cambium.server.http.Json;
import cambium.server.testing.Eventually;
import cambium.server.webhook.MailServer;
import cambium.server.webhook.Transports;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What happens in a repository, by mail: the same webhooks, handed to Debian's exim.
final class RepositoryMailTest {
    private static final String PATH = "/api/repositories/acme/shop/webhooks";

    @Test
    void aPushIsMailedWithThePageOfItsRepositoryAndNobodyElsesIs(@TempDir Path data) throws Exception {
        try (var mail = new MailServer(data.resolve("mail"), MailServer.Tls.NEVER);
                var server = RepositoryServer.telling(data.resolve("data"), new Transports.Settings(Set.of(),
                    Optional.of(mail.settings(Security.OPEN)), () -> "https://cambium.example.org"))) {
            server.create("acme", "shop");
            server.create("acme", "other");
            var made = server.send(server.authorized(PATH).header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"url\":\"mailto:packager@example.org\"}")));
            assertEquals(201, made.statusCode(), made.body());
            assertFalse(Json.read(made.body().getBytes(StandardCharsets.UTF_8)).has("secret"), made.body());
            server.pushed("acme/other", TestDeb.of("quiet", "1.0", "amd64"));
            server.pushed("acme/shop", TestDeb.of("hello", "1.0-7", "amd64"));
            Eventually.holds("it has arrived", () -> !mail.mail().isEmpty());
            var letter = mail.mail().getFirst();
            var body = letter.getContent().toString().replace("\r", "");
            assertTrue(letter.getSubject().startsWith("[acme/shop] "), letter.getSubject());
            assertTrue(body.contains("Package added: debian/bookworm/hello_1.0-7_amd64.deb\n"), body);
            assertTrue(body.contains("\nhttps://cambium.example.org/acme/shop\n"), body);
            assertTrue(body.contains("cambium webhook remove acme/shop 1"), body);
            assertFalse(body.contains("quiet"), body);
        }
    }
}
