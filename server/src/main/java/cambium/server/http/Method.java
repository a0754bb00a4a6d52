package cambium.server.http;

/// The methods a route can have. A `GET` route also answers `HEAD`.
public enum Method {
    GET, POST, PUT, DELETE;

    /// Whether a request of this method changes nothing (RFC 9110, 9.2.1).
    public boolean isSafe() {
        return this == GET;
    }
}
