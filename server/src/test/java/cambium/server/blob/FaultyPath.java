package cambium.server.blob;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import javax.net.ssl.SSLServerSocket;

/// A way to a server on which things go wrong: it passes requests on, one a connection, and does to each what the test
/// says. Signed headers, Host among them, pass unchanged.
final class FaultyPath implements AutoCloseable {
    private static final byte[] HEAD_END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final URI target;
    private final Supplier<Fault> faults;
    private final ServerSocket listening;
    private final AtomicInteger requests = new AtomicInteger();

    sealed interface Fault {
        record None() implements Fault {}

        /// The server says that it has too much to do.
        record SlowDown() implements Fault {}

        /// The request arrives; the connection ends after so many bytes of the answer.
        record BreakAfter(int bytes) implements Fault {}

        /// Nothing is ever answered.
        record Silence() implements Fault {}
    }

    FaultyPath(URI target, Supplier<Fault> faults) throws IOException {
        this(target, faults, new ServerSocket(0));
    }

    /// With a socket that may speak TLS.
    FaultyPath(URI target, Supplier<Fault> faults, ServerSocket listening) {
        this.target = target;
        this.faults = faults;
        this.listening = listening;
        Thread.ofVirtual().start(this::accept);
    }

    URI uri() {
        return URI.create((listening instanceof SSLServerSocket ? "https" : "http")
            + "://127.0.0.1:" + listening.getLocalPort());
    }

    int requests() {
        return requests.get();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            String head = head(client.getInputStream());
            if (head.isEmpty()) {
                return;
            }
            requests.incrementAndGet();
            switch (faults.get()) {
                case Fault.None() -> pass(client, head, Integer.MAX_VALUE);
                case Fault.BreakAfter(int bytes) -> pass(client, head, bytes);
                case Fault.Silence() -> client.getInputStream().transferTo(OutputStream.nullOutputStream());
                case Fault.SlowDown() -> {
                    String error = "<Error><Code>SlowDown</Code></Error>";
                    client.getOutputStream().write(("HTTP/1.1 503 Slow Down\r\nConnection: close\r\nContent-Length: "
                        + error.length() + "\r\n\r\n" + error).getBytes(StandardCharsets.US_ASCII));
                    client.shutdownOutput();
                    client.getInputStream().transferTo(OutputStream.nullOutputStream());
                }
            }
        } catch (IOException broken) {
            return;   // either side may break off
        }
    }

    private void pass(Socket client, String head, int answerBytes) throws IOException {
        try (var server = new Socket(target.getHost(), target.getPort())) {
            String once = head.replaceFirst("(?i)\r\nconnection: [^\r]*", "").replaceFirst("\r\n",
                "\r\nConnection: close\r\n");
            server.getOutputStream().write(once.getBytes(StandardCharsets.ISO_8859_1));
            Thread.ofVirtual().start(() -> forward(client, server));
            byte[] buffer = new byte[8192];
            int left = answerBytes;
            InputStream answer = server.getInputStream();
            for (int n = answer.read(buffer); n >= 0 && left > 0; n = answer.read(buffer)) {
                client.getOutputStream().write(buffer, 0, Math.min(n, left));
                left -= n;
            }
        }
    }

    private static void forward(Socket client, Socket server) {
        try {
            client.getInputStream().transferTo(server.getOutputStream());
        } catch (IOException broken) {
            return;   // the request is over
        }
    }

    private static String head(InputStream in) throws IOException {
        var head = new ByteArrayOutputStream();
        int matched = 0;
        while (matched < HEAD_END.length) {
            int one = in.read();
            if (one < 0) {
                return "";
            }
            head.write(one);
            matched = one == HEAD_END[matched] ? matched + 1 : one == HEAD_END[0] ? 1 : 0;
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
