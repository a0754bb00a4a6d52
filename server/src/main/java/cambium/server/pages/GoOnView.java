package cambium.server.pages;

/// A page that says one sentence and leads on to `address` by itself.
public record GoOnView(Shell shell, String sentence, String address) {}
