package cambium.server.http;

/// One open stream of server-sent events.
public interface EventSink {
    /// Sends one event and blocks until it is handed to the socket. Does nothing when the stream is closed.
    void send(String event, String data);

    /// False once the client is gone, or the server stops; the producer then returns.
    boolean isOpen();
}
