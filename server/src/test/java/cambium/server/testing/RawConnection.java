package cambium.server.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/// A socket that speaks whatever a test wants, well formed or not.
public final class RawConnection implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;
    private static final int LOOK_MILLIS = 50;

    private final Socket socket;
    private boolean closedByPeer;

    private RawConnection(Socket socket) {
        this.socket = socket;
    }

    public static RawConnection to(int port) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        return new RawConnection(socket);
    }

    /// Whether someone listens there.
    public static boolean accepts(int port) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    public void send(String text) throws IOException {
        trySend(text);
    }

    /// Fails where the peer does not listen any more.
    public void sendStrictly(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /// Sends where the peer still listens.
    public void trySend(String text) throws IOException {
        try {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        } catch (SocketException e) {
            // The peer may have answered and closed already; what it said is still to be read.
        }
    }

    /// Reads until the peer closes; a peer that does not close within 20 s fails the test.
    public String readToEnd() throws IOException {
        var bytes = new ByteArrayOutputStream();
        try {
            socket.getInputStream().transferTo(bytes);
        } catch (SocketTimeoutException e) {
            throw new AssertionError("the connection stays open after: " + bytes);
        } catch (SocketException e) {
            // A reset also ends it.
        }
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }

    public String readUntil(String end) throws IOException {
        var text = new StringBuilder();
        while (text.indexOf(end) < 0) {
            var next = socket.getInputStream().read();
            if (next < 0) {
                throw new AssertionError("closed after: " + text);
            }
            text.append((char) next);
        }
        return text.toString();
    }

    /// Looks for a short time whether the peer has closed; what it sent before is dropped.
    public boolean isClosedByPeer() throws IOException {
        if (closedByPeer) {
            return true;
        }
        socket.setSoTimeout(LOOK_MILLIS);
        try {
            while (socket.getInputStream().read() >= 0) {
                Thread.onSpinWait();
            }
            closedByPeer = true;
        } catch (SocketTimeoutException e) {
            closedByPeer = false;
        } catch (SocketException e) {
            closedByPeer = true;
        } finally {
            socket.setSoTimeout(PATIENCE_MILLIS);
        }
        return closedByPeer;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
