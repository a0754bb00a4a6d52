package cambium.server.fleet.webhook;

/// The driver's folder and this order do not make a request; the message tells the administrator why.
final class Unusable extends Exception {
    private static final long serialVersionUID = 1;

    Unusable(String message) {
        super(message);
    }
}
