package cambium.acceptance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;

/// A connection that sends exactly the bytes it is given, right or wrong.
public final class RawHttp implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 60_000;
    private final Socket socket;

    private RawHttp(Socket socket) {
        this.socket = socket;
    }

    public static RawHttp to(URI server) throws IOException {
        var socket = new Socket();
        socket.connect(new InetSocketAddress(server.getHost(), server.getPort()), PATIENCE_MILLIS);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        return new RawHttp(socket);
    }

    public RawHttp send(String text) throws IOException {
        return send(text.getBytes(ISO_8859_1));
    }

    public RawHttp send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return this;
    }

    /// Everything until the server closes; a connection that stays open fails.
    public String untilClosed() throws IOException {
        var all = new ByteArrayOutputStream();
        try {
            socket.getInputStream().transferTo(all);
        } catch (SocketTimeoutException open) {
            throw new AssertionError("still open after " + PATIENCE_MILLIS + " ms, having sent: "
                    + all.toString(ISO_8859_1), open);
        } catch (SocketException reset) {
            return all.toString(ISO_8859_1);   // closed with bytes of ours unread
        }
        return all.toString(ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
