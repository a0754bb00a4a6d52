package cambium.server.delivery;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/// Fetches a known blob as a client would: first the redirect of this very process, then where it leads. Says what does
/// not work, without the query of an address, which is a credential.
final class DeliveryProbe implements AutoCloseable {
    static final String PATH = "/delivery/probe";
    static final byte[] BYTES = "cambium: is this where the redirect leads?\n".getBytes(StandardCharsets.US_ASCII);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int FOUND = 302;

    private final boolean demandsTls;
    private final HttpClient client =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(TIMEOUT).build();

    /// `demandsTls`: clients come by https, so they must not be led to http.
    DeliveryProbe(boolean demandsTls) {
        this.demandsTls = demandsTls;
    }

    /// Through the redirect of the server at `self`.
    Optional<String> redirected(URI self) {
        try {
            HttpResponse<InputStream> answer = get(self.resolve(PATH));
            answer.body().close();
            Optional<String> location = answer.headers().firstValue("Location");
            if (answer.statusCode() != FOUND || location.isEmpty()) {
                return Optional.of("the server's own redirect answers " + answer.statusCode());
            }
            return direct(self, location.get());
        } catch (IOException broken) {
            return Optional.of("the server's own redirect cannot be asked: " + broken.getClass().getSimpleName());
        }
    }

    /// At an address that a delivery gave.
    Optional<String> direct(URI self, String address) {
        URI target = self.resolve(address);
        if (demandsTls && URI.create(address).isAbsolute() && !"https".equals(target.getScheme())) {
            return Optional.of("https would be redirected to " + target.getScheme());
        }
        String place = target.getAuthority();
        try {
            HttpResponse<InputStream> answer = get(target);
            try (InputStream body = answer.body()) {
                byte[] got = body.readNBytes(BYTES.length + 1);
                if (answer.statusCode() != 200) {
                    return Optional.of("the redirect leads to " + place + ", which answers " + answer.statusCode());
                }
                return Arrays.equals(got, BYTES) ? Optional.empty()
                    : Optional.of("the redirect leads to " + place + ", which gives other bytes");
            }
        } catch (IOException broken) {
            return Optional.of("the redirect leads to " + place + ", which does not answer: "
                + broken.getClass().getSimpleName());
        }
    }

    private HttpResponse<InputStream> get(URI uri) throws IOException {
        try {
            return client.send(HttpRequest.newBuilder(uri).timeout(TIMEOUT).build(), BodyHandlers.ofInputStream());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("stopped", stopped);
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
