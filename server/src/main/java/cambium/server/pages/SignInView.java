package cambium.server.pages;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The page `/sign-in`. `next` is the address to go on to; `refusal` says why the last try failed; `provider` is what
/// people call the OpenID provider, where there is one.
public record SignInView(Shell shell, String next, Optional<String> refusal, Optional<String> provider) {
    /// Where a sign-in with the provider begins.
    public String begin() {
        return "/sign-in/openid?next=" + URLEncoder.encode(next, StandardCharsets.UTF_8);
    }
}
