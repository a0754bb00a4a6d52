package cambium.server.repository.token;

/// A master or read token as the API shows it. Prints without its value.
public record StoredToken(long id, String name, String value) {
    @Override
    public String toString() {
        return "StoredToken(" + id + ", " + name + ")";
    }
}
