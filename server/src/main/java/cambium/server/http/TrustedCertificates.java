package cambium.server.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/// Whom the clients of this process trust: the system, or the certificates of a file instead. What they are shown is
/// looked at here, see [PeerCertificates], and one that has ended is refused by name.
public final class TrustedCertificates {
    /// A session that is taken up again shows no certificate, so it must not outlive one for long.
    private static final Duration MAX_SESSION = Duration.ofHours(1);
    private static final int MAX_CAUSES = 10;

    private TrustedCertificates() {}

    /// A certificate that is refused for a reason that can be told: it is past its end, or of another name.
    static final class Told extends CertificateException {
        private static final long serialVersionUID = 1;

        private Told(String why, CertificateException refused) {
            super(why, refused);
        }

        static Told ended(String host, X509Certificate certificate, CertificateException refused) {
            return new Told(of(host, certificate) + " ended at " + certificate.getNotAfter().toInstant(), refused);
        }

        static Told ofAnotherName(String host, X509Certificate certificate, CertificateException refused) {
            return new Told(of(host, certificate) + " is not for that name", refused);
        }

        private static String of(String host, X509Certificate certificate) {
            return "the certificate of " + host + " (" + certificate.getSubjectX500Principal() + ")";
        }
    }

    /// From now on also those clients of this JVM are watched that leave it to the JDK whom to trust: of S3, of
    /// PostgreSQL where it is to be verified, and whatever comes.
    public static void watchAll() {
        JdkTrustWatch.install();
    }

    /// Read when somebody first needs it.
    private static final class OfTheSystem {
        private static final SSLContext CONTEXT = made();

        private static SSLContext made() {
            try {
                return context((KeyStore) null);
            } catch (GeneralSecurityException broken) {
                throw new IllegalStateException("the JDK has no trust of its own", broken);
            }
        }
    }

    public static SSLContext system() {
        return OfTheSystem.CONTEXT;
    }

    /// @param certificates in PEM, one after the other
    public static SSLContext context(byte[] certificates) throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        int number = 0;
        for (var each : CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(certificates))) {
            store.setCertificateEntry("ca" + number++, each);
        }
        return context(store);
    }

    private static SSLContext context(KeyStore store) throws GeneralSecurityException {
        var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(store);
        return context(null, managers.getTrustManagers());
    }

    /// As others have made them, but for a trust in everybody, which is left as it is.
    ///
    /// @param keys what this process shows of itself; null: nothing
    public static SSLContext context(KeyManager[] keys, TrustManager[] trust) throws GeneralSecurityException {
        var watched = Stream.of(trust).map(each -> each instanceof X509ExtendedTrustManager known
            ? WatchedTrust.of(known) : each).toArray(TrustManager[]::new);
        var context = SSLContext.getInstance("TLS");
        context.init(keys, watched, null);
        context.getClientSessionContext().setSessionTimeout((int) MAX_SESSION.toSeconds());
        return context;
    }

    /// Which certificate has ended, of what host and when, or is not for that host, where that is why something failed.
    public static Optional<String> told(Throwable failed) {
        return causes(failed).filter(Told.class::isInstance).map(Throwable::getMessage).findFirst();
    }

    /// Whether the other side was not believed to be who it is meant to be, so that nothing was said to it.
    public static boolean refused(Throwable failed) {
        return causes(failed).anyMatch(CertificateException.class::isInstance);
    }

    private static Stream<Throwable> causes(Throwable failed) {
        return Stream.iterate(failed, cause -> cause != null, Throwable::getCause).limit(MAX_CAUSES);
    }
}
