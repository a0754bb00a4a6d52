package cambium.server.repository;

import cambium.formats.deb.SentTar;
import cambium.server.blob.BlobStore;
import cambium.server.blob.StagedBlob;
import cambium.server.blob.Staging;
import cambium.server.http.LineSource;
import cambium.server.http.Refused;
import cambium.server.repository.format.Submission;
import cambium.server.sql.Database;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/// One import on its way. While one batch is stored, the next comes in and is read; never more than these two are held.
/// A line is written only for what is durable or refused for good, in the order of the archive.
final class PackageImport implements AutoCloseable {
    /// In one request; the rest is for another one.
    static final int MAX_PACKAGES = 20_000;
    private static final int BATCH_PACKAGES = 500;
    /// Of files on the disk, whose syncing ends in one go.
    private static final long BATCH_BYTES = 256L << 20;
    private static final int BUFFER_BYTES = 128 << 10;

    private final Intake.Place place;
    private final Intake intake;
    private final Packages packages;
    private final BlobStore blobs;
    private final long maxPackageBytes;
    private final LineSource.Sink lines;
    private final Consumer<Sent> meter;
    private final InstantSource clock;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<Result, Integer> counts = new EnumMap<>(Result.class);
    private Batch batch;
    private Optional<Future<Void>> storing = Optional.empty();

    /// For the meter of pushes: a package that was durable so long after its first byte.
    record Sent(Duration took, long bytes) {}

    private enum Result { RECEIVED, ALREADY_THERE, REFUSED }

    private record Item(String name, Instant since, Optional<StagedBlob> staged, Future<Intake.Reading> reading) {}

    private static final class Batch {
        private final List<Item> items = new ArrayList<>();
        private long bytes;
    }

    PackageImport(Intake.Place place, Intake intake, Packages packages, BlobStore blobs, long maxPackageBytes,
        LineSource.Sink lines, Consumer<Sent> meter, InstantSource clock) {
        this.place = place;
        this.intake = intake;
        this.packages = packages;
        this.blobs = blobs;
        this.maxPackageBytes = maxPackageBytes;
        this.lines = lines;
        this.meter = meter;
        this.clock = clock;
        this.batch = new Batch();
        for (Result result : Result.values()) {
            counts.put(result, 0);
        }
    }

    /// Reads the archive to its end. The last line counts the others; where it is missing, the answer is not whole.
    void take(InputStream body) throws IOException {
        var archive = new SentTar(new BufferedInputStream(body, BUFFER_BYTES));
        try {
            int count = 0;
            for (var entry = archive.next(); entry.isPresent(); entry = archive.next()) {
                if (++count > MAX_PACKAGES) {
                    throw new Refused(413, "too_many", "an import has at most " + MAX_PACKAGES
                        + " packages; send the others in another one");
                }
                add(entry.get());
            }
        } catch (SentTar.Malformed broken) {
            // What came before is stored all the same, and has its lines.
            finish();
            throw new Refused(400, "tar_malformed", broken.getMessage());
        } catch (Refused refused) {
            finish();
            throw refused;
        }
        finish();
        var summary = new LinkedHashMap<String, Object>();
        summary.put("done", true);
        counts.forEach((result, count) -> summary.put(word(result), count));
        lines.line(summary);
    }

    private static String word(Result result) {
        return result.name().toLowerCase(Locale.ROOT);
    }

    private void add(SentTar.Entry entry) throws IOException {
        Instant since = clock.instant();
        if (!entry.isFile()) {
            refuse(entry.name(), since, "not_a_file", "is a link or a device; send files");
            return;
        }
        if (entry.sizeBytes() > maxPackageBytes) {
            refuse(entry.name(), since, "too_large", "a package may have at most " + maxPackageBytes + " bytes");
            return;
        }
        switch (blobs.stage(entry.content(), maxPackageBytes)) {
            case Staging.TooLarge _ -> throw new IllegalStateException("an entry has more bytes than it says");
            case Staging.Staged(StagedBlob staged) -> {
                String name = entry.name().substring(entry.name().lastIndexOf('/') + 1);
                var submission = new Submission(new Submission.Sent(name, staged), List.of());
                batch.items.add(new Item(entry.name(), since, Optional.of(staged), threads.submit(() ->
                    intake.read(place, submission))));
                batch.bytes += staged.sizeBytes();
            }
        }
        if (batch.items.size() >= BATCH_PACKAGES || batch.bytes >= BATCH_BYTES) {
            storeNext();
        }
    }

    private void refuse(String name, Instant since, String code, String reason) {
        batch.items.add(new Item(name, since, Optional.empty(), threads.submit(() ->
            new Intake.Reading.Refusal("package_file", reason, code))));
    }

    private void storeNext() throws IOException {
        awaitStored();
        if (batch.items.isEmpty()) {
            return;
        }
        Batch next = batch;
        batch = new Batch();
        storing = Optional.of(threads.submit(() -> ScopedValue.where(Database.ACTOR, place.uploader()).call(() -> {
            store(next);
            return null;
        })));
    }

    private void finish() throws IOException {
        storeNext();
        awaitStored();
    }

    private void awaitStored() throws IOException {
        if (storing.isPresent()) {
            Future<Void> former = storing.get();
            storing = Optional.empty();
            result(former);
        }
    }

    private void store(Batch next) throws IOException {
        try {
            var readings = new ArrayList<Intake.Reading>();
            var understood = new ArrayList<IncomingPackage>();
            for (Item item : next.items) {
                readings.add(result(item.reading()));
                if (readings.getLast() instanceof Intake.Reading.Understood(IncomingPackage incoming)) {
                    understood.add(incoming);
                }
            }
            var receipts = packages.receiveAll(understood).iterator();
            for (int i = 0; i < readings.size(); i++) {
                Item item = next.items.get(i);
                switch (readings.get(i)) {
                    case Intake.Reading.Understood _ -> write(item, receipts.next());
                    case Intake.Reading.Refusal(var _, var message, var code, var field) ->
                        writeRefused(item, code, message, field);
                }
            }
            lines.flush();
        } finally {
            close(next);
        }
    }

    private void write(Item item, Receipt receipt) {
        switch (receipt) {
            case Receipt.Received(StoredPackage stored) -> {
                meter.accept(new Sent(Duration.between(item.since(), clock.instant()),
                    item.staged().orElseThrow().sizeBytes()));
                write(item, Result.RECEIVED, stored);
            }
            case Receipt.AlreadyThere(StoredPackage stored) -> write(item, Result.ALREADY_THERE, stored);
            case Receipt.Taken(String reason) -> writeRefused(item, "filename_taken", reason, Optional.empty());
        }
    }

    private void write(Item item, Result result, StoredPackage stored) {
        var line = line(item, result);
        line.put("filename", stored.filename());
        line.put("sha256sum", stored.digests().sha256());
        line.put("self_url",
            PackagePath.of(stored.type()).address(place.repository().name(), stored) + ".json");
        lines.line(line);
    }

    private void writeRefused(Item item, String code, String reason, Optional<String> field) {
        var line = line(item, Result.REFUSED);
        line.put("code", code);
        line.put("reason", reason);
        field.ifPresent(name -> line.put("field", name));
        lines.line(line);
    }

    private Map<String, Object> line(Item item, Result result) {
        counts.merge(result, 1, Integer::sum);
        var line = new LinkedHashMap<String, Object>();
        line.put("file", item.name());
        line.put("result", word(result));
        return line;
    }

    private static <T> T result(Future<T> future) throws IOException {
        try {
            return future.get();
        } catch (ExecutionException failed) {
            switch (failed.getCause()) {
                case IOException broken -> throw broken;
                case RuntimeException ours -> throw ours;
                default -> throw new IllegalStateException(failed.getCause());
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("stopped during an import", stopped);
        }
    }

    /// Throws away what did not become blobs, after all that still looks at it has ended.
    private static void close(Batch done) throws IOException {
        for (Item item : done.items) {
            try {
                item.reading().get();
            } catch (ExecutionException told) {
                // Whoever stores the batch has been told.
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
            if (item.staged().isPresent()) {
                item.staged().get().close();
            }
        }
    }

    @Override
    public void close() {
        try (threads) {
            awaitStored();
        } catch (IOException | RuntimeException told) {
            // The import has broken off for a reason of its own.
        }
        try {
            close(batch);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
