package cambium.server.pages;

/// The page `/` before a fleet was declared.
public record EmptyFleetPage(Shell shell, Parts.Moment at) {}
