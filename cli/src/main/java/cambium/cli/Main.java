package cambium.cli;

import java.io.FileOutputStream;
import java.io.FileDescriptor;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;

/// The `cambium` command line. Ends with 0 done, 1 refused by the server, 2 wrong use, 3 server out of reach.
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        // HttpURLConnection would silently send a failed POST a second time.
        System.setProperty("sun.net.http.retryPost", "false");
        var surroundings = new Surroundings(System.getenv(), Path.of(""), Path.of(System.getProperty("user.home")),
                stream(FileDescriptor.out), stream(FileDescriptor.err),
                System.console() != null && System.console().isTerminal(), InstantSource.system(), Thread::sleep);
        int code = new Program(surroundings).run(arguments);
        surroundings.out().flush();
        System.exit(code);
    }

    private static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }
}
