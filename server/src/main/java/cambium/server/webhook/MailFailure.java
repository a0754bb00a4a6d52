package cambium.server.webhook;

import cambium.server.http.TrustedCertificates;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;

/// What it means when a mail server does not take a mail.
final class MailFailure {
    private static final int MAX_REPLY_CHARACTERS = 200;
    private static final int REFUSED = 500;

    private MailFailure() {}

    /// Nothing was handed over yet.
    static String ofConnecting(MessagingException failed) {
        if (failed instanceof AuthenticationFailedException) {
            return "the mail server refuses --smtp-user or its password";
        }
        return causes(failed).map(TrustedCertificates::told).flatMap(Optional::stream).findFirst()
            .or(() -> causes(failed).map(MailFailure::known).flatMap(Optional::stream).findFirst())
            .orElse("the mail server cannot be spoken to: " + reply(failed));
    }

    /// A refusal of the recipient or of the mail is for good where its number begins with 5 (RFC 5321 §4.2.1); one of
    /// the sender is a matter of our settings. Without a number the answer was lost.
    static Transport.Outcome ofSending(MessagingException failed) {
        var recipient = causes(failed).filter(SMTPAddressFailedException.class::isInstance)
            .map(SMTPAddressFailedException.class::cast).findFirst();
        if (recipient.isPresent()) {
            return answered(recipient.get().getReturnCode(), "the mail server says of the address: "
                + reply(recipient.get()));
        }
        var sender = causes(failed).filter(SMTPSenderFailedException.class::isInstance).findFirst();
        if (sender.isPresent()) {
            return new Transport.Outcome.NotTaken("the mail server says of --mail-from: " + reply(sender.get()));
        }
        return causes(failed).filter(SMTPSendFailedException.class::isInstance).map(SMTPSendFailedException.class::cast)
            .filter(refused -> refused.getReturnCode() > 0).findFirst()
            .map(refused -> answered(refused.getReturnCode(), "the mail server says: " + reply(refused)))
            .orElseGet(() -> new Transport.Outcome.Unclear("the mail server's answer was lost"));
    }

    private static Transport.Outcome answered(int code, String reason) {
        return code >= REFUSED ? new Transport.Outcome.Refusal(reason) : new Transport.Outcome.NotTaken(reason);
    }

    private static Optional<String> known(Throwable cause) {
        return switch (cause) {
            case CertificateException _ -> Optional.of("the mail server's certificate is not trusted; --smtp-ca may "
                + "name whom to trust");
            case SSLException tls -> tls.getCause() == null
                ? Optional.of("TLS with the mail server failed: " + reply(tls)) : Optional.empty();
            case UnknownHostException unknown -> Optional.of("the mail server's name is not known: "
                + reply(unknown));
            case ConnectException _ -> Optional.of("the mail server refuses the connection");
            case SocketTimeoutException _ -> Optional.of("the mail server does not answer");
            default -> Optional.empty();
        };
    }

    /// From the innermost on: that one knows best.
    private static Stream<Throwable> causes(Throwable failed) {
        return Stream.iterate(failed, cause -> cause != null, MailFailure::next).limit(10).toList().reversed().stream();
    }

    private static Throwable next(Throwable failed) {
        return failed instanceof MessagingException mail && mail.getNextException() != null ? mail.getNextException()
            : failed.getCause();
    }

    private static String reply(Throwable failed) {
        String text = String.valueOf(failed.getMessage()).replaceAll("[\\p{Cntrl}\\p{Cf}]+", " ").strip();
        return text.length() <= MAX_REPLY_CHARACTERS ? text : text.substring(0, MAX_REPLY_CHARACTERS - 1) + "…";
    }
}
