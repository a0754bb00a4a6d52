package cambium.server.sql;

/// The database cannot be reached or broke off. HTTP answers 503 `database_unavailable`.
public final class DatabaseFailed extends RuntimeException {
    public DatabaseFailed(String message, Throwable cause) {
        super(message, cause);
    }
}
