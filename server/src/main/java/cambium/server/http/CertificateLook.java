package cambium.server.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/// The certificate that a server shows, by a handshake that ends before anything is said. For servers that another
/// program speaks to, which alone decides whom it trusts and says neither when a certificate ends nor which has ended.
public final class CertificateLook {
    private static final Duration MAX_WAIT = Duration.ofSeconds(5);

    private CertificateLook() {}

    /// Which certificate has ended, of what host and when; empty where it has not, or none was shown.
    public static Optional<String> ended(String host, InetAddress address, int port) {
        return shown(host, address, port).filter(WatchedTrust::isOver)
                .map(over -> TrustedCertificates.Told.ended(host, over, null).getMessage());
    }

    /// Watches the one that another program has just trusted, see [PeerCertificates].
    public static void watch(String host, InetAddress address, int port) {
        shown(host, address, port).ifPresent(certificate -> PeerCertificates.note(host, certificate));
    }

    private static Optional<X509Certificate> shown(String host, InetAddress address, int port) {
        try (var plain = new Socket()) {
            plain.connect(new InetSocketAddress(address, port), (int) MAX_WAIT.toMillis());
            plain.setSoTimeout((int) MAX_WAIT.toMillis());
            var context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Anybody()}, null);
            try (var tls = (SSLSocket) context.getSocketFactory().createSocket(plain, host, port, true)) {
                tls.startHandshake();
                return tls.getSession().getPeerCertificates()[0] instanceof X509Certificate certificate
                        ? Optional.of(certificate) : Optional.empty();
            }
        } catch (IOException | GeneralSecurityException none) {
            return Optional.empty();
        }
    }

    /// Nothing is said to whoever it is, so nobody has to be kept away.
    private static final class Anybody extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
