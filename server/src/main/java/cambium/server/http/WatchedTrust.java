package cambium.server.http;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedTrustManager;

/// Trusts what another trusts, notes when it will end, and names what has ended.
final class WatchedTrust extends X509ExtendedTrustManager {
    private final X509ExtendedTrustManager trust;

    WatchedTrust(X509ExtendedTrustManager trust) {
        this.trust = trust;
    }

    private interface Check {
        void pass() throws CertificateException;
    }

    private static void watched(String host, X509Certificate[] chain, Check check) throws CertificateException {
        try {
            check.pass();
            // The JDK takes one that is itself named as trusted without a look at its dates.
            chain[0].checkValidity();
        } catch (CertificateException refused) {
            var over = Stream.of(chain).filter(WatchedTrust::isOver).findFirst();
            throw over.isEmpty() ? refused : new TrustedCertificates.Ended(host, over.get(), refused);
        }
        PeerCertificates.note(host, chain[0]);
    }

    private static boolean isOver(X509Certificate certificate) {
        try {
            certificate.checkValidity();
            return false;
        } catch (CertificateExpiredException over) {
            return true;
        } catch (CertificateNotYetValidException early) {
            return false;
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        String host = socket instanceof SSLSocket tls ? tls.getHandshakeSession().getPeerHost()
            : socket.getInetAddress().getHostAddress();
        watched(host, chain, () -> trust.checkServerTrusted(chain, type, socket));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
            throws CertificateException {
        watched(engine.getPeerHost(), chain, () -> trust.checkServerTrusted(chain, type, engine));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        watched("a server", chain, () -> trust.checkServerTrusted(chain, type));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        trust.checkClientTrusted(chain, type, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
            throws CertificateException {
        trust.checkClientTrusted(chain, type, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        trust.checkClientTrusted(chain, type);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return trust.getAcceptedIssuers();
    }
}
