package cambium.server.delivery;

import cambium.server.blob.BlobId;
import cambium.server.blob.BlobStore;
import cambium.server.config.DeliveryChoice;
import cambium.server.config.StartRefused;
import cambium.server.http.Answer;
import cambium.server.http.Route;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The public door of delivery: the live way of leading clients to blobs, and whether it works. At start no way is
/// trusted until the server has fetched a blob through its own redirect. When the key file changes, the new keys are
/// tried in the same way before they sign; while they do not work, the former ones go on, and that is said.
public final class DeliveryFeature implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DeliveryFeature.class);
    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(10);

    private final Settings settings;
    private final BlobStore blobs;
    private final InstantSource clock;
    private final DeliveryProbe probe;
    private final BlobId probeBlob = probeBlob();
    private volatile DeliveryWays ways;
    private volatile DeliveryWays former;
    private volatile Delivery live;
    private volatile Optional<String> problem = Optional.of("no blob was fetched through the server's redirect yet");
    private volatile Optional<String> keyProblem = Optional.empty();
    private String stamp;
    private Optional<Thread> watcher = Optional.empty();

    /// `ownSecret`: the key of our own addresses where no file names others; `demandsTls`: clients come by https.
    public record Settings(DeliveryChoice choice, Optional<Path> keyFile, byte[] ownSecret, boolean demandsTls) {}

    /// Refuses to start where the settings cannot work.
    public DeliveryFeature(Settings settings, BlobStore blobs, InstantSource clock) {
        this.settings = settings;
        this.blobs = blobs;
        this.clock = clock;
        this.stamp = stamp();
        try {
            this.ways = DeliveryWays.of(settings, blobs);
        } catch (IllegalArgumentException wrong) {
            throw new StartRefused("--delivery-keys: " + wrong.getMessage(), wrong);
        }
        this.former = ways;
        this.live = ways.ways().getFirst();
        this.probe = new DeliveryProbe(settings.demandsTls());
    }

    public List<Route> routes() {
        return new BlobRoutes(this, blobs, probeBlob, clock).routes();
    }

    /// Always the live way, also after keys have changed.
    public Delivery delivery() {
        return (parcel, now) -> live.address(parcel, now);
    }

    /// The answer that leads a client on. Caches must not keep it, since the address is a credential.
    public static Answer redirect(Delivery delivery, Parcel parcel, Instant now) {
        return Answer.redirect(302, delivery.address(parcel, now)).with("Cache-Control", "private, no-store");
    }

    /// Whether an address of our own is genuine and still good.
    boolean accepts(BlobId blob, String filename, String expires, String signature) {
        Instant now = clock.instant();
        return ways.own().isValid(blob, filename, expires, signature, now)
            || former.own().isValid(blob, filename, expires, signature, now);
    }

    /// Empty once a blob was fetched through the redirect; else why not.
    public Optional<String> problem() {
        return problem;
    }

    /// Why the newest keys do not sign although the server is ready; empty where they do.
    public Optional<String> keyProblem() {
        return keyProblem;
    }

    /// Begins to try, until it works, and to look after the key file; `self` is where this process answers.
    public void startProbing(URI self) {
        watcher = Optional.of(Thread.ofVirtual().name("delivery-probe").start(() -> {
            try {
                while (!Thread.currentThread().isInterrupted()) {
                    look(self);
                    Thread.sleep(problem.isPresent() ? BETWEEN_TRIES : BETWEEN_LOOKS);
                }
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        }));
    }

    /// One round: takes a changed key file, and tries what was not proven yet.
    void look(URI self) {
        try {
            if (!stamp().equals(stamp)) {
                reload(self);
            }
            if (problem.isPresent()) {
                prove(self);
            }
        } catch (RuntimeException failed) {
            LOG.error("the round of the delivery probe failed", failed);
        }
    }

    /// Takes the first way that works; the server is ready when the redirect itself does.
    private void prove(URI self) {
        Optional<String> stored = store();
        if (stored.isPresent()) {
            say(stored);
            return;
        }
        Optional<String> first = Optional.empty();
        for (Delivery way : ways.ways()) {
            live = way;
            Optional<String> found = probe.redirected(self);
            if (found.isEmpty()) {
                keyProblem = first.map(reason -> "the first key does not work, a later one signs: " + reason);
                keyProblem.ifPresent(reason -> LOG.warn("delivery: {}", reason));
                say(Optional.empty());
                return;
            }
            first = first.or(() -> found);
        }
        live = ways.ways().getFirst();
        say(first);
    }

    private void say(Optional<String> found) {
        if (!found.equals(problem)) {
            found.ifPresentOrElse(reason -> LOG.error("not ready: {}", reason),
                () -> LOG.info("a blob was fetched through the server's own redirect"));
        }
        problem = found;
    }

    private void reload(URI self) {
        String now = stamp();
        DeliveryWays changed;
        try {
            changed = DeliveryWays.of(settings, blobs);
        } catch (IllegalArgumentException wrong) {
            keyProblem = Optional.of("the changed keys are not used: " + wrong.getMessage());
            LOG.error("delivery: {}", keyProblem.get());
            stamp = now;
            return;
        }
        DeliveryWays before = ways;
        // Addresses of both are accepted from here on: other processes may see the change sooner or later.
        former = before;
        ways = changed;
        stamp = now;
        if (problem.isPresent()) {
            return;
        }
        for (Delivery way : changed.ways()) {
            Optional<String> found =
                probe.direct(self, way.address(new Parcel(probeBlob, "probe.txt", false), clock.instant()));
            if (found.isEmpty()) {
                live = way;
                keyProblem = Optional.empty();
                LOG.info("delivery: the changed keys work and sign from now on");
                return;
            }
            keyProblem = Optional.of("the changed keys are not used: " + found.get());
        }
        LOG.error("delivery: {}", keyProblem.orElse(""));
    }

    /// The blob that is fetched; nothing ever deletes it.
    private Optional<String> store() {
        try {
            blobs.put(DeliveryProbe.BYTES);
            return Optional.empty();
        } catch (IOException broken) {
            return Optional.of("no blob can be stored: " + broken.getMessage());
        }
    }

    private String stamp() {
        return settings.keyFile().map(file -> new DeliveryKeyFile(file).stamp()).orElse("");
    }

    private static BlobId probeBlob() {
        try {
            return new BlobId(HexFormat.of().formatHex(
                MessageDigest.getInstance("SHA-256").digest(DeliveryProbe.BYTES)));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every JDK has SHA-256", missing);
        }
    }

    @Override
    public void close() {
        watcher.ifPresent(Thread::interrupt);
        probe.close();
    }
}
