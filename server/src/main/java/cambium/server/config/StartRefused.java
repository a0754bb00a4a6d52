package cambium.server.config;

/// The server cannot start, for a reason the person who starts it can mend. The message is all they see; exit code 2.
public final class StartRefused extends RuntimeException {
    public StartRefused(String message) {
        super(message);
    }

    public StartRefused(String message, Throwable cause) {
        super(message, cause);
    }
}
