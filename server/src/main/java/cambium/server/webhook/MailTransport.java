package cambium.server.webhook;

import cambium.server.access.HmacSha256;
import cambium.server.config.MailAddress;
import cambium.server.config.MailSettings;
import cambium.server.config.MailSettings.Security;
import cambium.server.http.Refused;
import cambium.server.http.TrustedCertificates;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Date;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/// Hands events to a mail server, as a letter for people. What cannot be taken twice without notice has the same
/// `Message-ID` when it is sent again, so that mail servers and readers can tell.
final class MailTransport implements Transport {
    static final String SCHEME = "mailto:";
    private static final int MOST_EVENTS = 500;
    private static final Duration REST = Duration.ofMinutes(1);
    private static final Duration MAX_WAIT = Duration.ofSeconds(10);
    /// Shorter than a webhook is claimed for, however slowly the other side answers each question.
    private static final Duration MAX_SENDING = Duration.ofSeconds(45);

    private final Optional<MailSettings> settings;
    private final Supplier<String> address;
    private final InstantSource clock;

    /// @param settings without them, nobody can be written to
    /// @param address of the server's pages
    MailTransport(Optional<MailSettings> settings, Supplier<String> address, InstantSource clock) {
        this.settings = settings;
        this.address = address;
        this.clock = clock;
    }

    @Override
    public String checked(String url) {
        var server = settings.orElseThrow(() -> new Refused(422, "mail_not_configured",
            "this server sends no mail; its administrator can set --smtp and --mail-from", "url"));
        var to = MailAddress.parse(url.substring(SCHEME.length())).orElseThrow(() -> new Refused(422, "bad_address",
            "expected mailto: and one plain address, such as mailto:ops@example.org", "url"));
        if (!server.domains().isEmpty() && !server.domains().contains(to.domain())) {
            throw new Refused(422, "url_not_allowed", "mail goes only to " + String.join(", ", server.domains())
                + "; the setting --mail-domains allows others", "url");
        }
        return SCHEME + to;
    }

    @Override
    public int mostEvents() {
        return MOST_EVENTS;
    }

    @Override
    public Duration rest() {
        return REST;
    }

    /// Asks again whether the address is allowed, since settings change.
    @Override
    public Outcome carry(Delivery delivery) throws InterruptedException {
        try {
            checked(delivery.address());
        } catch (Refused refused) {
            return new Outcome.NotTaken(refused.problem().message());
        }
        var sending = new FutureTask<>(() -> send(settings.orElseThrow(), delivery));
        Thread.ofVirtual().name("mail").start(sending);
        try {
            return sending.get(MAX_SENDING.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException late) {
            return new Outcome.Unclear("the mail server took longer than " + MAX_SENDING.toSeconds() + " s");
        } catch (ExecutionException broken) {
            throw new IllegalStateException("a mail that cannot be made", broken.getCause());
        } finally {
            sending.cancel(true);
        }
    }

    private Outcome send(MailSettings server, Delivery delivery) throws MessagingException {
        Session session;
        try {
            session = Session.getInstance(properties(server));
        } catch (IOException | GeneralSecurityException unusable) {
            return new Outcome.NotTaken("--smtp-ca cannot be used: " + unusable.getClass().getSimpleName());
        }
        var message = message(session, server, delivery);
        var transport = session.getTransport(new InternetAddress(delivery.address().substring(SCHEME.length())));
        try {
            transport.connect(server.host(), server.port(), server.user().orElse(null),
                server.password().orElse(null));
        } catch (MessagingException failed) {
            return new Outcome.NotTaken(MailFailure.ofConnecting(failed));
        }
        try {
            transport.sendMessage(message, message.getAllRecipients());
            return new Outcome.Taken("taken by the mail server");
        } catch (MessagingException failed) {
            return MailFailure.ofSending(failed);
        } finally {
            farewell(transport);
        }
    }

    private static void farewell(jakarta.mail.Transport transport) {
        try {
            transport.close();
        } catch (MessagingException lost) {
            // What came of the mail is known by then.
        }
    }

    private MimeMessage message(Session session, MailSettings server, Delivery delivery) throws MessagingException {
        String id = "<" + HexFormat.of().formatHex(HmacSha256.of(delivery.secret(),
            delivery.name().getBytes(StandardCharsets.US_ASCII)), 0, 16) + "@" + server.from().domain() + ">";
        var message = new MimeMessage(session) {
            @Override
            protected void updateMessageID() throws MessagingException {
                setHeader("Message-ID", id);
            }
        };
        var whose = delivery.told().about().containsKey("fleet") ? "fleet"
            : String.valueOf(delivery.told().about().get("repository"));
        var letter = Letter.of(delivery.told().lines().get(), delivery.told().about(), address.get(),
            "To end these mails: cambium webhook remove " + whose + " " + delivery.webhook());
        message.setFrom(new InternetAddress(server.from().toString()));
        message.setRecipient(Message.RecipientType.TO,
            new InternetAddress(delivery.address().substring(SCHEME.length())));
        message.setSubject(letter.subject(), StandardCharsets.UTF_8.name());
        message.setText(letter.body(), StandardCharsets.UTF_8.name());
        message.setSentDate(Date.from(clock.instant()));
        message.setHeader("Auto-Submitted", "auto-generated");
        message.saveChanges();
        return message;
    }

    private static Properties properties(MailSettings server) throws IOException, GeneralSecurityException {
        boolean tls = server.security() == Security.TLS;
        String prefix = tls ? "mail.smtps." : "mail.smtp.";
        var properties = new Properties();
        properties.setProperty("mail.transport.protocol.rfc822", tls ? "smtps" : "smtp");
        properties.setProperty(prefix + "connectiontimeout", Long.toString(MAX_WAIT.toMillis()));
        properties.setProperty(prefix + "timeout", Long.toString(MAX_WAIT.toMillis()));
        properties.setProperty(prefix + "writetimeout", Long.toString(MAX_WAIT.toMillis()));
        properties.setProperty(prefix + "auth", Boolean.toString(server.user().isPresent()));
        properties.setProperty(prefix + "from", server.from().toString());
        // What we call ourselves: a full name, as servers want one, and not this machine's.
        properties.setProperty(prefix + "localhost", server.from().domain());
        properties.setProperty(prefix + "ssl.checkserveridentity", "true");
        properties.setProperty(prefix + "ssl.protocols", "TLSv1.3 TLSv1.2");
        boolean startTls = server.security() == Security.STARTTLS;
        properties.setProperty(prefix + "starttls.enable", Boolean.toString(startTls));
        properties.setProperty(prefix + "starttls.required", Boolean.toString(startTls));
        properties.put(prefix + "ssl.socketFactory", (server.ca().isPresent()
            ? TrustedCertificates.context(Files.readAllBytes(server.ca().get())) : TrustedCertificates.system())
            .getSocketFactory());
        // Else whom --smtp-ca does not trust is tried with the trust of the system.
        properties.setProperty(prefix + "socketFactory.fallback", "false");
        return properties;
    }
}
