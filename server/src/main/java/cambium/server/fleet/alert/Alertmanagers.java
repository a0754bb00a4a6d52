package cambium.server.fleet.alert;

import cambium.server.config.CellHosts;
import cambium.server.fleet.yaml.AlertmanagerYaml;
import cambium.server.fleet.yaml.ServerAccess;
import cambium.server.http.CheckedClient;
import cambium.server.http.OutgoingPosts;
import cambium.server.http.TrustedCertificates;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The Alertmanagers that a file of this machine names; the file is looked at anew each time. It is the
/// administrator's, so they may be anywhere but where clouds tell their machines secrets.
final class Alertmanagers implements AutoCloseable {
    private static final int MAX_BYTES = 1 << 16;
    private static final Duration MAX_WAIT = Duration.ofSeconds(10);
    private static final int AT_ONCE = 2;

    private final Path file;
    private final OutgoingPosts posts = new OutgoingPosts(new CheckedClient(CellHosts.ANY::allows,
            CheckedClient::system, MAX_WAIT, MAX_WAIT, AT_ONCE));
    private final Map<String, Trusting> trusting = new HashMap<>();

    /// A client that trusts what a file held when it was made.
    private record Trusting(byte[] certificates, OutgoingPosts posts) {}

    /// What the file says.
    sealed interface Named {
        /// There is no file: nobody is to be told.
        record Nobody() implements Named {}

        record Servers(List<ServerAccess> servers) implements Named {}

        record Wrong(String problem) implements Named {}
    }

    Alertmanagers(Path file) {
        this.file = file;
    }

    Named named() {
        try (var in = Files.newInputStream(file)) {
            return switch (AlertmanagerYaml.read(in.readNBytes(MAX_BYTES))) {
                case AlertmanagerYaml.Reading.Refused(var problems) ->
                    new Named.Wrong(file.getFileName() + " is wrong: " + problems);
                case AlertmanagerYaml.Reading.Read(var servers) -> new Named.Servers(servers);
            };
        } catch (NoSuchFileException none) {
            return new Named.Nobody();
        } catch (IOException unreadable) {
            return new Named.Wrong(file.getFileName() + " cannot be read: " + unreadable.getClass().getSimpleName());
        }
    }

    /// Why the server did not take them, if so.
    ///
    /// @param alerts a JSON array
    Optional<String> send(ServerAccess server, byte[] alerts) throws InterruptedException {
        try {
            var target = URI.create(server.address().replaceAll("/+$", "") + "/api/v2/alerts");
            var headers = server.authorization().map(value -> Map.of("Authorization", value)).orElse(Map.of());
            return switch (posts(server).post(target, headers, alerts)) {
                case OutgoingPosts.Outcome.Answered(int status) when status >= 200 && status < 300 -> Optional.empty();
                case OutgoingPosts.Outcome.Answered(int status) -> Optional.of("answers " + status);
                case OutgoingPosts.Outcome.Failed(String reason) -> Optional.of(reason);
            };
        } catch (IOException | GeneralSecurityException unusable) {
            return Optional.of("its ca cannot be used: " + unusable.getClass().getSimpleName());
        }
    }

    private synchronized OutgoingPosts posts(ServerAccess server) throws IOException, GeneralSecurityException {
        if (server.ca().isEmpty()) {
            return posts;
        }
        var certificates = Files.readAllBytes(file.resolveSibling(server.ca().get()));
        var known = trusting.get(server.ca().get());
        if (known == null || !Arrays.equals(known.certificates(), certificates)) {
            var fresh = new Trusting(certificates, new OutgoingPosts(CheckedClient.trusting(
                    TrustedCertificates.context(certificates), CellHosts.ANY::allows, MAX_WAIT, AT_ONCE)));
            trusting.put(server.ca().get(), fresh);
            if (known != null) {
                known.posts().close();
            }
        }
        return trusting.get(server.ca().get()).posts();
    }

    @Override
    public synchronized void close() {
        posts.close();
        trusting.values().forEach(each -> each.posts().close());
    }
}
