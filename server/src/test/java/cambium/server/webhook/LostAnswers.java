package cambium.server.webhook;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/// Stands before a mail server, and hangs up after a mail was taken and before anybody is told so, as often as it is
/// asked to.
final class LostAnswers implements AutoCloseable {
    private static final byte[] END_OF_MAIL = "\r\n.\r\n".getBytes(StandardCharsets.US_ASCII);

    private final ServerSocket listening = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    private final int behind;
    private final AtomicInteger toLose;

    LostAnswers(int behind, int toLose) throws IOException {
        this.behind = behind;
        this.toLose = new AtomicInteger(toLose);
        Thread.ofVirtual().start(() -> {
            while (!listening.isClosed()) {
                try {
                    var client = listening.accept();
                    Thread.ofVirtual().start(() -> relay(client));
                } catch (IOException closed) {
                    return;
                }
            }
        });
    }

    int port() {
        return listening.getLocalPort();
    }

    private void relay(Socket client) {
        try (client; var server = new Socket(InetAddress.getLoopbackAddress(), behind)) {
            var answers = Thread.ofVirtual().start(() -> copy(server, client));
            if (forward(client.getInputStream(), server.getOutputStream())) {
                client.close();
                server.getOutputStream().write("\nQUIT\r\n".getBytes(StandardCharsets.US_ASCII));
                answers.join();
                server.getInputStream().readAllBytes();
            }
        } catch (IOException | InterruptedException gone) {
            Thread.currentThread().interrupt();
        }
    }

    /// Whether it stopped before the last byte of a mail whose answer is to be lost.
    private boolean forward(InputStream from, OutputStream to) throws IOException {
        int seen = 0;
        for (int next = from.read(); next >= 0; next = from.read()) {
            seen = next == END_OF_MAIL[seen] ? seen + 1 : next == END_OF_MAIL[0] ? 1 : 0;
            if (seen == END_OF_MAIL.length) {
                seen = 0;
                if (toLose.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                    return true;
                }
            }
            to.write(next);
        }
        return false;
    }

    private static void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException gone) {
            // The other direction ends, too.
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
