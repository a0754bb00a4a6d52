package cambium.server.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.server.config.MailAddress;
import cambium.server.config.MailSettings;
import cambium.server.config.MailSettings.Security;
import cambium.server.http.Refused;
import cambium.server.testing.Eventually;
import cambium.server.testing.TestCertificate;
import cambium.server.webhook.EventLog.Line;
import cambium.server.webhook.EventLog.Told;
import cambium.server.webhook.Transport.Outcome;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/// Mail handed to Debian's exim, and what becomes of it where that does not take it.
class MailTransportTest {
    private static final Instant NOW = Instant.parse("2026-11-29T02:03:04Z");

    @TempDir
    Path folder;

    private static Transport.Delivery to(String address) {
        var line = new Line(NOW, "Ärger on c1: 1.2.0 failed", Optional.empty(), Optional.of("why"), Optional.empty(),
            "/cells/c1");
        return new Transport.Delivery(7, "7-1-1", "mailto:" + address, new byte[24],
            new Told(Map.of("fleet", "shop"), List.of("an event"), () -> List.of(line), 1));
    }

    private static MailTransport transport(MailSettings settings) {
        return new MailTransport(Optional.of(settings), () -> "https://cambium.example.org", () -> NOW);
    }

    private static MailSettings with(MailSettings settings, Optional<String> password, Optional<Path> ca) {
        return new MailSettings(settings.host(), settings.port(), settings.security(), password.map(_ -> "cambium"),
            password, ca, settings.from(), settings.domains());
    }

    private static void isNotTaken(String reason, Outcome outcome) {
        assertTrue(assertInstanceOf(Outcome.NotTaken.class, outcome).reason().contains(reason), outcome.toString());
    }

    @Test
    void writesAPlainLetterThatNoMachineAnswersUnderTheSameNameEachTime() throws Exception {
        try (var server = new MailServer(folder.resolve("m"), MailServer.Tls.NEVER)) {
            var transport = transport(server.settings(Security.OPEN));
            assertEquals(new Outcome.Taken("taken by the mail server"), transport.carry(to("anna@example.org")));
            assertEquals(new Outcome.Taken("taken by the mail server"), transport.carry(to("anna@example.org")));
            Eventually.holds("both have arrived", () -> server.mail().size() == 2);
            var mail = server.mail().getFirst();
            assertEquals("[shop] Ärger on c1: 1.2.0 failed", mail.getSubject());
            var body = mail.getContent().toString().replace("\r", "");
            assertTrue(body.startsWith("Ärger on c1: 1.2.0 failed\nWhy: why\n"), body);
            assertTrue(mail.isMimeType("text/plain"), mail.getContentType());
            assertEquals("auto-generated", mail.getHeader("Auto-Submitted", null));
            assertEquals("cambium@example.net anna@example.org", mail.getFrom()[0] + " " + mail.getAllRecipients()[0]);
            assertTrue(server.log().stream().anyMatch(line -> line.contains(" <= cambium@example.net ")),
                server.log().toString());
            assertEquals(NOW, mail.getSentDate().toInstant());
            assertTrue(mail.getMessageID().matches("<[0-9a-f]{32}@example\\.net>"), mail.getMessageID());
            assertEquals(mail.getMessageID(), server.mail().getLast().getMessageID());
        }
    }

    @Test
    void tellsARefusalForGoodFromOneForNow() throws Exception {
        try (var server = new MailServer(folder.resolve("m"), MailServer.Tls.NEVER)) {
            var transport = transport(server.settings(Security.OPEN));
            var gone = assertInstanceOf(Outcome.Refusal.class, transport.carry(to("gone@example.org")));
            assertEquals("the mail server says of the address: 550 5.1.1 no such person here", gone.reason());
            isNotTaken("451 4.2.0 come again later", transport.carry(to("later@example.org")));
            server.stop();
            isNotTaken("the mail server refuses the connection", transport.carry(to("anna@example.org")));
            assertEquals(List.of(), server.mail());
        }
    }

    @Test
    void speaksOnlyToACertificateThatIsTrustedAndSignsInThereTellingNobodyThePassword() throws Exception {
        var log = new ListAppender<ILoggingEvent>();
        log.start();
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).addAppender(log);
        var password = Optional.of(MailServer.PASSWORD);
        try (var server = new MailServer(folder.resolve("m"), MailServer.Tls.OFFERED)) {
            var startTls = server.settings(Security.STARTTLS);
            isNotTaken("certificate is not trusted", transport(with(startTls, password, Optional.empty()))
                .carry(to("anna@example.org")));
            var ca = Optional.of(server.certificate());
            var wrong = transport(with(startTls, Optional.of("not-the-password"), ca)).carry(to("anna@example.org"));
            isNotTaken("refuses --smtp-user or its password", wrong);
            assertFalse(wrong.toString().contains("not-the-password"));
            assertEquals(List.of(), server.mail());
            assertInstanceOf(Outcome.Taken.class, transport(with(startTls, password, ca))
                .carry(to("anna@example.org")));
            Eventually.holds("it has arrived", () -> server.mail().size() == 1);
            assertTrue(server.log().stream().anyMatch(line -> line.contains("X=TLS1.")
                && line.contains("A=plain:cambium")),
                server.log().toString());
            // The same server by a name that its certificate does not have.
            var byName = new MailSettings("localhost", server.port(), Security.STARTTLS, Optional.empty(),
                Optional.empty(), ca, startTls.from(), Set.of());
            isNotTaken("the certificate of localhost (CN=mail) is not for that name",
                transport(byName).carry(to("anna@example.org")));
        } finally {
            ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).detachAppender(log);
        }
        assertTrue(log.list.stream().map(ILoggingEvent::getFormattedMessage)
            .noneMatch(line -> line.contains(MailServer.PASSWORD) || line.contains("not-the-password")));
    }

    @Test
    void aCertificateThatHasEndedAndANameThatIsNotKnownAreNamed() throws Exception {
        try (var server = new MailServer(folder.resolve("m"), MailServer.Tls.OFFERED)) {
            var ended = new TestCertificate(folder.resolve("ended"), -1);
            server.stop();
            Files.copy(ended.certificate(), folder.resolve("m/cert.pem"), StandardCopyOption.REPLACE_EXISTING);
            Files.copy(ended.key(), folder.resolve("m/key.pem"), StandardCopyOption.REPLACE_EXISTING);
            server.start();
            var settings = with(server.settings(Security.STARTTLS), Optional.of(MailServer.PASSWORD),
                Optional.of(ended.certificate()));
            assertEquals(new Outcome.NotTaken(ended.ended()), transport(settings).carry(to("anna@example.org")),
                () -> server.log().toString());
            assertTrue(server.log().stream().noneMatch(line -> line.contains("A=plain")), server.log().toString());
            var unknown = new MailSettings("mail.invalid", 587, Security.STARTTLS, Optional.empty(), Optional.empty(),
                Optional.empty(), settings.from(), Set.of());
            assertEquals(new Outcome.NotTaken("the mail server's name is not known: mail.invalid"),
                transport(unknown).carry(to("anna@example.org")));
            assertEquals(List.of(), server.mail());
        }
    }

    @Test
    void sendsNothingWhereTlsIsNotOfferedAndBeginsWithItWhereAsked() throws Exception {
        try (var open = new MailServer(folder.resolve("open"), MailServer.Tls.NEVER);
                var tls = new MailServer(folder.resolve("tls"), MailServer.Tls.FROM_THE_FIRST_BYTE)) {
            isNotTaken("STARTTLS is required", transport(open.settings(Security.STARTTLS))
                .carry(to("anna@example.org")));
            isNotTaken("certificate is not trusted", transport(tls.settings(Security.TLS))
                .carry(to("anna@example.org")));
            assertInstanceOf(Outcome.Taken.class, transport(with(tls.settings(Security.TLS),
                Optional.of(MailServer.PASSWORD), Optional.of(tls.certificate()))).carry(to("anna@example.org")));
            Eventually.holds("it has arrived", () -> tls.mail().size() == 1);
            assertEquals(List.of(), open.mail());
        }
    }

    @Test
    void writesOnlyToPlainAddressesOfDomainsThatAreAllowedAndOnlyWithAServer() throws Exception {
        var none = new MailTransport(Optional.empty(), () -> "", () -> NOW);
        assertEquals("mail_not_configured", assertThrows(Refused.class, () -> none.checked("mailto:anna@example.org"))
            .problem().code());
        isNotTaken("this server sends no mail", none.carry(to("anna@example.org")));
        var settings = new MailSettings("127.0.0.1", 9, Security.OPEN, Optional.empty(), Optional.empty(),
            Optional.empty(), MailAddress.parse("c@example.org").orElseThrow(),
            Set.of("example.org"));
        assertEquals("mailto:Anna@example.org", transport(settings).checked("MAILTO:Anna@Example.org"));
        for (var wrong : List.of("mailto:", "mailto:anna@example.org?bcc=b@example.org", "mailto:a@example.org,b@b.org",
                "mailto:anna@example.org\r\nBcc: b@example.org", "mailto:%61@example.org")) {
            assertEquals("bad_address", assertThrows(Refused.class, () -> transport(settings).checked(wrong), wrong)
                .problem().code());
        }
        assertEquals("url_not_allowed", assertThrows(Refused.class, () -> transport(settings)
            .checked("mailto:anna@example.com")).problem().code());
        isNotTaken("mail goes only to example.org", transport(settings).carry(to("anna@example.com")));
    }
}
