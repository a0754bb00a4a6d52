package cambium.acceptance.surroundings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.acceptance.Await;
import cambium.acceptance.Operator;
import cambium.acceptance.RunningServer;
import cambium.acceptance.rollout.TinyFleet;
import cambium.server.webhook.MailServer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The packaged server hands a letter to Debian's exim. How letters look and fail is shown beside the code that
/// writes them.
class MailTest {
    @TempDir
    Path folder;

    @Test
    void whoWasNamedToTheServerWithACommandIsWrittenToWhenABrakeIsPulled() throws Exception {
        try (var mail = new MailServer(folder.resolve("mail"), MailServer.Tls.NEVER);
                var fleet = TinyFleet.start(folder.resolve("fleet"));
                var server = RunningServer.start(folder.resolve("server"), "--drivers", fleet.drivers(), "--smtp",
                    "smtp://127.0.0.1:" + mail.port(), "--mail-from", "cambium@example.net", "--mail-domains",
                    "example.org")) {
            fleet.declare(server);
            var operator = new Operator(server);
            var elsewhere = operator.types("webhook", "add", "fleet", "mailto:anna@example.com");
            assertTrue(elsewhere.exit() != 0 && elsewhere.output().contains("mail goes only to example.org"),
                elsewhere.toString());
            operator.types("webhook", "add", "fleet", "mailto:anna@example.org").successful();
            operator.types("brake", "on", "--ring", "1", "--why", "errors in the shop").successful();
            Await.until("the letter has arrived", () -> !mail.mail().isEmpty());
            var letter = mail.mail().getFirst();
            assertEquals("[tiny] Brake set on ring 1", letter.getSubject());
            assertEquals("anna@example.org", letter.getAllRecipients()[0].toString());
            var body = letter.getContent().toString().replace("\r", "");
            assertTrue(body.startsWith("Brake set on ring 1\nWhy: errors in the shop\n"), body);
            Await.until("the list shows it", () -> operator.types("webhook", "list", "fleet").successful().out()
                .contains("taken by the mail server"));
            assertEquals(1, mail.mail().size(), "nothing else was worth a letter");
        }
    }
}
