package cambium.acceptance.pages;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import cambium.acceptance.Checkout;
import com.microsoft.playwright.impl.driver.Driver;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// The certified provider `oidc-provider` with the client `cambium`, run by the Node that drives the browser:
/// `acceptance/openid/provider.js`.
final class RealOpenId implements AutoCloseable {
    static final String SECRET = "a secret of the tests";

    private final Path folder;
    private final Process process;
    private final BufferedReader lines;
    private final String issuer;

    /// It answers once its client is told.
    RealOpenId(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
        var home = Checkout.root().resolve(".cambium/openid-provider");
        if (!Files.isDirectory(home.resolve("node_modules"))) {
            throw new IllegalStateException("nothing in " + home + ": ./dev test fetches what belongs there");
        }
        // It looks for its libraries beside itself.
        var program = home.resolve("provider.js");
        Files.copy(Checkout.root().resolve("acceptance/openid/provider.js"), program, REPLACE_EXISTING);
        groups("{}");
        var node = Driver.ensureDriverInstalled(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"), false)
                .createProcessBuilder().command().getFirst();
        process = new ProcessBuilder(node, program.toString()).directory(folder.toFile())
                .redirectError(folder.resolve("log").toFile()).start();
        lines = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
        issuer = line();
    }

    String issuer() {
        return issuer;
    }

    /// The groups of each name, as JSON.
    void groups(String json) throws IOException {
        Files.writeString(folder.resolve("groups.json"), json);
    }

    void serve(URI client) throws IOException {
        process.outputWriter(UTF_8).append(client.toString().replaceAll("/$", "")).append('\n').flush();
        if (!line().equals("ready")) {
            throw new IllegalStateException(Files.readString(folder.resolve("log")));
        }
    }

    private String line() throws IOException {
        var line = lines.readLine();
        if (line == null) {
            throw new IllegalStateException("it ended: " + Files.readString(folder.resolve("log")));
        }
        return line;
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        process.onExit().join();
    }
}
