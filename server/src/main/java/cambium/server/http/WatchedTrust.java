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

    private WatchedTrust(X509ExtendedTrustManager trust) {
        this.trust = trust;
    }

    static WatchedTrust of(X509ExtendedTrustManager trust) {
        return trust instanceof WatchedTrust watched ? watched : new WatchedTrust(trust);
    }

    private interface Check {
        void pass() throws CertificateException;
    }

    private void watched(String host, X509Certificate[] chain, String type, Check check)
            throws CertificateException {
        try {
            check.pass();
            // The JDK takes one that is itself named as trusted without a look at its dates.
            chain[0].checkValidity();
        } catch (CertificateException refused) {
            var over = Stream.of(chain).filter(WatchedTrust::isOver).findFirst();
            if (over.isPresent()) {
                throw TrustedCertificates.Told.ended(host, over.get(), refused);
            }
            throw isTrusted(chain, type) ? TrustedCertificates.Told.ofAnotherName(host, chain[0], refused) : refused;
        }
        PeerCertificates.note(host, chain[0]);
    }

    /// Whatever the host's name is.
    private boolean isTrusted(X509Certificate[] chain, String type) {
        try {
            trust.checkServerTrusted(chain, type);
            return true;
        } catch (CertificateException refused) {
            return false;
        }
    }

    static boolean isOver(X509Certificate certificate) {
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
        watched(host, chain, type, () -> trust.checkServerTrusted(chain, type, socket));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
            throws CertificateException {
        watched(engine.getPeerHost(), chain, type, () -> trust.checkServerTrusted(chain, type, engine));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        watched("a server", chain, type, () -> trust.checkServerTrusted(chain, type));
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
