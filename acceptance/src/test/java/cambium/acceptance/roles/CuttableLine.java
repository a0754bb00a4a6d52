package cambium.acceptance.roles;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// A TCP line to a port of this machine that can be cut as a network is: what is on its way stays there, both ends keep
/// their connections and hear nothing, and new ones are answered by nobody. Healed, it goes on where it was.
final class CuttableLine implements AutoCloseable {
    private final ServerSocket entrance;
    private final int target;
    private final List<Socket> sockets = new ArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition healed = lock.newCondition();
    private boolean cut;

    CuttableLine(int target) throws IOException {
        this.target = target;
        this.entrance = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return entrance.getLocalPort();
    }

    void cut() {
        lock.lock();
        try {
            cut = true;
        } finally {
            lock.unlock();
        }
    }

    void heal() {
        lock.lock();
        try {
            cut = false;
            healed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void pass() throws InterruptedException {
        lock.lock();
        try {
            while (cut) {
                healed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    private void accept() {
        try {
            while (true) {
                var from = entrance.accept();
                keep(from);
                Thread.ofVirtual().start(() -> connect(from));
            }
        } catch (IOException closed) {
            heal();
        }
    }

    private void connect(Socket from) {
        try {
            pass();
            var to = new Socket(InetAddress.getLoopbackAddress(), target);
            keep(to);
            Thread.ofVirtual().start(() -> carry(from, to));
            carry(to, from);
        } catch (IOException | InterruptedException broken) {
            close(from);
        }
    }

    private void carry(Socket from, Socket to) {
        var buffer = new byte[1 << 14];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                pass();
                out.write(buffer, 0, count);
            }
        } catch (IOException | InterruptedException broken) {
            close(to);
        } finally {
            close(from);
            close(to);
        }
    }

    private synchronized void keep(Socket socket) {
        sockets.add(socket);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    @Override
    public synchronized void close() {
        try {
            entrance.close();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        heal();
        sockets.forEach(CuttableLine::close);
    }
}
