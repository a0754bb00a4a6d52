package cambium.server.fleet.observe;

import cambium.server.config.CellHosts;
import cambium.server.fleet.observe.CellFetch.Fetched;
import cambium.server.fleet.yaml.PrometheusYaml;
import cambium.server.fleet.yaml.ServerAccess;
import cambium.server.http.TrustedCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Optional;

/// How a Prometheus server is reached: by what a file of this machine says, looked at anew each time. The file names
/// the address that its credentials are for, and they go to no other: whoever may change the fleet cannot have them
/// sent elsewhere. An address that the file does not name must be where cells may be.
final class PrometheusAccess implements AutoCloseable {
    private static final int MAX_BYTES = 1 << 16;

    private final Path file;
    private final String server;
    private final CellFetch unnamed;
    private final CellFetch named = new CellFetch(CellHosts.ANY);
    private byte[] trusted = {};
    private Optional<CellFetch> trusting = Optional.empty();

    PrometheusAccess(Path file, String server, CellHosts hosts) {
        this.file = file;
        this.server = server;
        this.unnamed = new CellFetch(hosts);
    }

    synchronized Fetched fetch(CellFetch.Wanted wanted) throws InterruptedException {
        try (var in = Files.newInputStream(file)) {
            return switch (PrometheusYaml.read(in.readNBytes(MAX_BYTES))) {
                case PrometheusYaml.Reading.Refused(var problems) ->
                    new Fetched.Nothing("is not asked: " + file.getFileName() + " is wrong: " + problems);
                case PrometheusYaml.Reading.Read(var access) -> isFor(access.address())
                        ? client(access).fetch(wanted.as(access.authorization())) : unnamed.fetch(wanted);
            };
        } catch (NoSuchFileException none) {
            return unnamed.fetch(wanted);
        } catch (IOException | GeneralSecurityException unusable) {
            return new Fetched.Nothing("is not asked: what " + file.getFileName() + " names cannot be used: "
                    + unusable.getClass().getSimpleName());
        }
    }

    private boolean isFor(String address) {
        return address.replaceAll("/+$", "").equals(server.replaceAll("/+$", ""));
    }

    private CellFetch client(ServerAccess access) throws IOException, GeneralSecurityException {
        if (access.ca().isEmpty()) {
            return named;
        }
        var bytes = Files.readAllBytes(file.resolveSibling(access.ca().get()));
        if (trusting.isEmpty() || !Arrays.equals(bytes, trusted)) {
            trusting.ifPresent(CellFetch::close);
            trusting = Optional.of(new CellFetch(CellHosts.ANY, TrustedCertificates.context(bytes)));
            trusted = bytes;
        }
        return trusting.get();
    }

    @Override
    public synchronized void close() {
        unnamed.close();
        named.close();
        trusting.ifPresent(CellFetch::close);
    }
}
