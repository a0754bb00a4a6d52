package cambium.server.config;

/// What a process of the server does. One program carries all four; `--roles` picks which run in a process.
public enum Role {
    /// Pages, reads, and redirects to time-limited addresses.
    WEB,
    /// Receives packages.
    UPLOAD,
    /// Builds and publishes indexes.
    INDEX,
    /// Carries rollouts outward through the rings.
    COORDINATE
}
