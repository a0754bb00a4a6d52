package cambium.server.pages;

/// The page `/app/tokens` for whoever signed in with a token that belongs to no account; `name` is that token's.
public record NoAccountPage(Shell shell, String name) {}
