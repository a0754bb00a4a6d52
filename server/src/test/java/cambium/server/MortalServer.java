package cambium.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import cambium.server.blob.BlobStore;
import cambium.server.config.ServerConfig;
import cambium.server.testing.KillSwitch;
import cambium.server.testing.SteppedBlobStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/// The server as it is, except that at each step of its blob store it asks the test whether to go on, and does nothing
/// more when it is not answered.
public final class MortalServer {
    private static final CountDownLatch NEVER = new CountDownLatch(1);

    private final Socket test;

    private MortalServer(Socket test) {
        this.test = test;
    }

    public static void main(String[] arguments) throws Exception {
        var test = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(System.getenv(KillSwitch.PORT)));
        var steps = new MortalServer(test);
        steps.tell(Long.toString(ProcessHandle.current().pid()));
        var config = ServerConfig.parse(List.of(arguments).subList(1, arguments.length), System.getenv());
        var wiring = new Wiring(config, new Running()) {
            @Override
            BlobStore blobs() throws IOException {
                return new SteppedBlobStore(super.blobs(), steps::reached);
            }
        };
        System.out.println("Cambium answers at " + wiring.address(wiring.start().http()));
        NEVER.await();
    }

    private synchronized void reached(String step) {
        try {
            tell(step);
            if (test.getInputStream().read() >= 0) {
                return;
            }
            NEVER.await();
        } catch (IOException | InterruptedException dying) {
            Runtime.getRuntime().halt(1);
        }
    }

    private void tell(String line) throws IOException {
        test.getOutputStream().write((line + "\n").getBytes(US_ASCII));
    }
}
