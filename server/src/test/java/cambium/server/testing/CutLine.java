package cambium.server.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A line to a server on this machine that can be cut, as when the server is away: what is connected breaks off, and
/// nobody answers at the address until it is mended.
public final class CutLine implements AutoCloseable {
    private final InetSocketAddress server;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final int port;
    private volatile ServerSocket door;

    public CutLine(int serverPort) {
        server = new InetSocketAddress(InetAddress.getLoopbackAddress(), serverPort);
        door = opened(0);
        port = door.getLocalPort();
    }

    public int port() {
        return port;
    }

    private ServerSocket opened(int at) {
        try {
            var opened = new ServerSocket();
            opened.setReuseAddress(true);
            opened.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), at));
            Thread.startVirtualThread(() -> accept(opened));
            return opened;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept(ServerSocket opened) {
        while (!opened.isClosed()) {
            try {
                var client = opened.accept();
                var behind = new Socket();
                open.add(client);
                open.add(behind);
                behind.connect(server);
                Thread.startVirtualThread(() -> carry(client, behind));
                Thread.startVirtualThread(() -> carry(behind, client));
                if (opened.isClosed()) {
                    breakOff();
                }
            } catch (IOException closed) {
                // Cut, or the server is gone.
            }
        }
    }

    private void carry(Socket from, Socket to) {
        try (from; to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException cut) {
            // Both ends learn it.
        } finally {
            open.remove(from);
            open.remove(to);
        }
    }

    private void breakOff() {
        for (var socket : open) {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    public void cut() {
        try {
            door.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        breakOff();
    }

    public void mend() {
        door = opened(port);
    }

    @Override
    public void close() {
        cut();
    }
}
