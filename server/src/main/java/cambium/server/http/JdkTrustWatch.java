package cambium.server.http;

import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.Provider;
import java.security.Security;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.ManagerFactoryParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.TrustManagerFactorySpi;
import javax.net.ssl.X509ExtendedTrustManager;

/// The JDK's own trust, watched: stands before it, so that libraries need not know of us.
final class JdkTrustWatch extends Provider {
    private static final long serialVersionUID = 1;
    private static final String NAME = "CambiumTrust";
    private static final String KIND = "TrustManagerFactory";
    private static final String ALGORITHM = "PKIX";
    private static final String OF_THE_JDK = "SunJSSE";

    private JdkTrustWatch() {
        super(NAME, "1", "looks at the certificates that the JDK trusts");
        putService(new Service(this, KIND, ALGORITHM, Watched.class.getName(), List.of("SunPKIX", "X509", "X.509"),
                Map.of()) {
            @Override
            public Object newInstance(Object parameter) {
                return new Watched();
            }
        });
    }

    static void install() {
        Security.insertProviderAt(new JdkTrustWatch(), 1);
    }

    private static final class Watched extends TrustManagerFactorySpi {
        private final TrustManagerFactory factory = ofTheJdk();

        private static TrustManagerFactory ofTheJdk() {
            try {
                return TrustManagerFactory.getInstance(ALGORITHM, OF_THE_JDK);
            } catch (GeneralSecurityException missing) {
                throw new IllegalStateException("the JDK has no trust of its own", missing);
            }
        }

        @Override
        protected void engineInit(KeyStore store) throws KeyStoreException {
            factory.init(store);
        }

        @Override
        protected void engineInit(ManagerFactoryParameters parameters) throws InvalidAlgorithmParameterException {
            factory.init(parameters);
        }

        @Override
        protected TrustManager[] engineGetTrustManagers() {
            return Stream.of(factory.getTrustManagers()).map(each -> each instanceof X509ExtendedTrustManager known
                    ? WatchedTrust.of(known) : each).toArray(TrustManager[]::new);
        }
    }
}
