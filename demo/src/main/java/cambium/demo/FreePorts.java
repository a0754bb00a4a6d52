package cambium.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/// Hands out ports nobody listens on, each once. Below the range from which outgoing connections take theirs, so that
/// one found free stays free until it is used.
final class FreePorts {
    private static final int FIRST = 17_000;
    private static final int END = 32_000;

    private int next;

    /// @param seed where to begin looking, so that two demos at once begin at different places
    FreePorts(long seed) {
        this.next = FIRST + (int) Math.floorMod(seed * 40, (long) (END - FIRST));
    }

    int take() {
        for (int tried = 0; tried < END - FIRST; tried++) {
            int port = next;
            next = next + 1 == END ? FIRST : next + 1;
            if (isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException("no free port between " + FIRST + " and " + END);
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
