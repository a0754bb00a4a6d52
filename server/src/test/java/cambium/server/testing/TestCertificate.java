package cambium.server.testing;

import cambium.server.http.PeerCertificates;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/// A certificate of 127.0.0.1 that is its own authority, made by keytool, and servers that show it. It began three
/// days before it ends.
public final class TestCertificate {
    public static final String PASSWORD = "of-a-test";
    private final Path folder;
    private final KeyStore store;

    /// Ends in so many days, or has ended so many days ago.
    public TestCertificate(Path folder, int days) throws IOException, InterruptedException, GeneralSecurityException {
        this.folder = Files.createDirectories(folder);
        var file = folder.resolve("keys.p12");
        var keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin/keytool").toString(),
            "-genkeypair", "-keyalg", "RSA", "-keysize", "2048", "-alias", "peer", "-dname", "CN=peer", "-ext",
            "san=ip:127.0.0.1", "-startdate", days - 3 + "d", "-validity", "3", "-keystore", file.toString(),
            "-storepass", PASSWORD).redirectErrorStream(true).start();
        var said = new String(keytool.getInputStream().readAllBytes());
        if (keytool.waitFor() != 0) {
            throw new IOException(said);
        }
        store = KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
        pem("cert.pem", "CERTIFICATE", store.getCertificate("peer").getEncoded());
        pem("key.pem", "PRIVATE KEY", store.getKey("peer", PASSWORD.toCharArray()).getEncoded());
    }

    private void pem(String name, String what, byte[] bytes) throws IOException {
        Files.writeString(folder.resolve(name), "-----BEGIN " + what + "-----\n"
            + Base64.getMimeEncoder(64, new byte[] {10}).encodeToString(bytes) + "\n-----END " + what + "-----\n");
    }

    public Path certificate() {
        return folder.resolve("cert.pem");
    }

    /// Both, for Java; opened by [#PASSWORD].
    public Path store() {
        return folder.resolve("keys.p12");
    }

    public Path key() {
        return folder.resolve("key.pem");
    }

    public Instant end() throws GeneralSecurityException {
        return ((X509Certificate) store.getCertificate("peer")).getNotAfter().toInstant();
    }

    /// Lets this process believe that it is 31 days before the end: nothing is told of it yet.
    public void watchedEarly() throws GeneralSecurityException {
        PeerCertificates.watch(InstantSource.fixed(end().minus(Duration.ofDays(31))));
    }

    /// Whether its end, or one within an hour of it, is the first that is known.
    public static boolean isWatchedEarly() {
        return PeerCertificates.secondsLeft() <= Duration.ofDays(31).toSeconds()
            && PeerCertificates.secondsLeft() > Duration.ofDays(31).minusHours(1).toSeconds();
    }

    /// What is said of it when it has ended.
    public String ended() throws GeneralSecurityException {
        return "the certificate of 127.0.0.1 (CN=peer) ended at " + end();
    }

    /// For its server's side of TLS.
    public SSLContext context() throws GeneralSecurityException {
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD.toCharArray());
        var context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    /// A server that is not started and answers nothing yet.
    public HttpsServer https() throws IOException, GeneralSecurityException {
        var server = HttpsServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context()));
        return server;
    }

    /// A server that answers everything with 200 and `{}`.
    public Server server() throws IOException, GeneralSecurityException {
        var server = https();
        var started = new Server(server, new AtomicInteger());
        server.createContext("/", started::answer);
        server.start();
        return started;
    }

    public record Server(HttpsServer server, AtomicInteger asked) implements AutoCloseable {
        private void answer(HttpExchange exchange) throws IOException {
            asked.incrementAndGet();
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, 2);
            exchange.getResponseBody().write("{}".getBytes());
            exchange.close();
        }

        public String address() {
            return "https://127.0.0.1:" + server.getAddress().getPort();
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }
}
