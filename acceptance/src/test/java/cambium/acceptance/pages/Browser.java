package cambium.acceptance.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;

import cambium.acceptance.RunningServer;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/// Debian's Chromium, without a window. Every window that it opens is watched, and most are signed in as the
/// administrator: what breaks the policy of the pages, throws, or opens a box is kept in `complaints`.
final class Browser implements AutoCloseable {
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final List<String> FLAGS = List.of(
            "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync");
    /// Milliseconds; generous, since two busy cores may be slow.
    private static final double PATIENCE = 60_000;

    private final Playwright playwright;
    private final com.microsoft.playwright.Browser chromium;
    private final RunningServer server;
    private final String session;
    final List<String> complaints = new CopyOnWriteArrayList<>();

    Browser(RunningServer server) {
        this.server = server;
        playwright = Playwright.create(new Playwright.CreateOptions()
                .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        chromium = playwright.chromium().launch(new LaunchOptions()
                .setExecutablePath(CHROMIUM).setArgs(FLAGS).setTimeout(PATIENCE));
        try (BrowserContext fresh = chromium.newContext()) {
            Page page = fresh.newPage();
            page.setDefaultTimeout(PATIENCE);
            page.navigate(server.at("/").toString());
            assertEquals("/sign-in", java.net.URI.create(page.url()).getPath());
            page.fill("#token", RunningServer.TOKEN);
            page.click("form.middle button");
            page.waitForURL(url -> !url.contains("sign-in"));
            session = fresh.storageState();
        }
    }

    static com.microsoft.playwright.Browser.NewContextOptions window() {
        return new com.microsoft.playwright.Browser.NewContextOptions().setViewportSize(1280, 900);
    }

    static com.microsoft.playwright.Browser.NewContextOptions phone() {
        return window().setViewportSize(360, 740).setHasTouch(true);
    }

    Page open(String path) {
        return open(window(), path);
    }

    Page open(ColorScheme scheme, String path) {
        return open(window().setColorScheme(scheme), path);
    }

    Page open(com.microsoft.playwright.Browser.NewContextOptions options, String path) {
        return watched(options.setStorageState(session), path);
    }

    /// A window that nobody is signed in with.
    Page openSignedOut(String path) {
        return watched(window(), path);
    }

    private Page watched(com.microsoft.playwright.Browser.NewContextOptions options, String path) {
        BrowserContext context = chromium.newContext(options);
        context.setDefaultTimeout(PATIENCE);
        context.exposeBinding("cspViolated", (_, arguments) -> complaints.add("violated: " + arguments[0]));
        context.addInitScript("document.addEventListener('securitypolicyviolation', event => "
                + "window.cspViolated(event.violatedDirective + ' ' + event.blockedURI))");
        Page page = context.newPage();
        page.onPageError(error -> complaints.add("thrown: " + error));
        page.onDialog(dialog -> {
            complaints.add("a box opened: " + dialog.message());
            dialog.dismiss();
        });
        page.onConsoleMessage(message -> {
            if (message.text().contains("Content Security Policy")) {
                complaints.add(message.text());
            }
        });
        page.navigate(at(path));
        return page;
    }

    String at(String path) {
        return server.at(path).toString();
    }

    static void close(Page page) {
        page.context().close();
    }

    @Override
    public void close() {
        chromium.close();
        playwright.close();
    }
}
