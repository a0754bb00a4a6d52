package cambium.server.pages;

import java.util.Optional;

/// The page `/sign-in`. `next` is the address to go on to; `refusal` says why the last try failed.
public record SignInView(Shell shell, String next, Optional<String> refusal) {}
