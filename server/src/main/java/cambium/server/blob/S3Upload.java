package cambium.server.blob;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

/// Uploads a received file in parts, several at a time, each with its MD5 so that the server refuses altered bytes. The
/// parts are read from the file again for every try, so the heap holds small buffers only. What breaks off is aborted;
/// what a dead process left is found by [#sweep].
final class S3Upload {
    private static final Logger LOG = LoggerFactory.getLogger(S3Upload.class);
    private static final String TYPE = "application/octet-stream";
    private static final int MAX_PARTS = 10_000;
    private static final int PARALLEL_PARTS = 4;
    private static final int BUFFER_BYTES = 64 << 10;

    private final S3Connection s3;
    private final long partBytes;

    /// `partBytes` grows for a blob that would need too many parts.
    S3Upload(S3Connection s3, long partBytes) {
        this.s3 = s3;
        this.partBytes = partBytes;
    }

    void upload(String key, Path file, long sizeBytes) throws IOException {
        String bucket = s3.bucket().name();
        String upload = s3.call("begin a blob", client -> client.createMultipartUpload(
            create -> create.bucket(bucket).key(key).contentType(TYPE))).uploadId();
        boolean complete = false;
        try {
            List<CompletedPart> parts = send(key, upload, file, sizeBytes);
            s3.call("complete a blob", client -> client.completeMultipartUpload(done -> done.bucket(bucket).key(key)
                .uploadId(upload).multipartUpload(all -> all.parts(parts))));
            complete = true;
        } finally {
            if (!complete) {
                abort(key, upload);
            }
        }
    }

    private List<CompletedPart> send(String key, String upload, Path file, long sizeBytes) throws IOException {
        long part = Math.max(partBytes, (sizeBytes + MAX_PARTS - 1) / MAX_PARTS);
        var places = new Semaphore(PARALLEL_PARTS);
        var sent = new ArrayList<Future<CompletedPart>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (long from = 0; from < sizeBytes; from += part) {
                int number = sent.size() + 1;
                var slice = new Slice(file, from, Math.min(part, sizeBytes - from));
                sent.add(threads.submit(held(places, () -> send(key, upload, number, slice))));
            }
            var parts = new ArrayList<CompletedPart>();
            try {
                for (Future<CompletedPart> one : sent) {
                    parts.add(one.get());
                }
                return parts;
            } catch (ExecutionException failed) {
                threads.shutdownNow();
                throw failed.getCause() instanceof IOException broken ? broken
                    : new IOException("a part of a blob could not be sent", failed.getCause());
            } catch (InterruptedException stopped) {
                threads.shutdownNow();
                Thread.currentThread().interrupt();
                throw new IOException("stopped while sending a blob", stopped);
            }
        }
    }

    private static Callable<CompletedPart> held(Semaphore places, Callable<CompletedPart> work) {
        return () -> {
            places.acquire();
            try {
                return work.call();
            } finally {
                places.release();
            }
        };
    }

    private CompletedPart send(String key, String upload, int number, Slice slice) throws IOException {
        String md5 = slice.md5();
        String tag = s3.call("take a part of a blob", client -> client.uploadPart(
            part -> part.bucket(s3.bucket().name()).key(key).uploadId(upload).partNumber(number).contentMD5(md5)
                .overrideConfiguration(override -> override
                    .apiCallAttemptTimeout(s3.patience().onePerTry().multipliedBy(S3Patience.FACTOR_FOR_BODIES))
                    .apiCallTimeout(s3.patience().inAll().multipliedBy(S3Patience.FACTOR_FOR_BODIES))),
            slice.body())).eTag();
        return CompletedPart.builder().partNumber(number).eTag(tag).build();
    }

    /// Best done, not needed: [#sweep] finds what stays.
    private void abort(String key, String upload) {
        try {
            s3.call("forget a blob", client -> client.abortMultipartUpload(
                abort -> abort.bucket(s3.bucket().name()).key(key).uploadId(upload)));
        } catch (IOException failed) {
            LOG.warn("parts of {} stay in the bucket until they are swept: {}", key, failed.getMessage());
        }
    }

    /// Aborts the uploads that were begun before that moment.
    void sweep(Instant before) throws IOException {
        List<MultipartUpload> left = s3.call("list parts left behind", client -> client.listMultipartUploadsPaginator(
            list -> list.bucket(s3.bucket().name()).prefix(s3.bucket().prefix())).uploads().stream()
                .filter(upload -> upload.initiated().isBefore(before)).toList());
        for (MultipartUpload upload : left) {
            LOG.info("removing parts that a broken-off upload left at {}", upload.key());
            abort(upload.key(), upload.uploadId());
        }
    }

    /// A stretch of a file.
    record Slice(Path file, long fromByte, long lengthBytes) {
        InputStream open() throws IOException {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
            channel.position(fromByte);
            return new BoundedInput(Channels.newInputStream(channel), lengthBytes);
        }

        /// In base 64, as Content-MD5 is written.
        String md5() throws IOException {
            try (InputStream in = open()) {
                var md5 = MessageDigest.getInstance("MD5");
                byte[] buffer = new byte[BUFFER_BYTES];
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    md5.update(buffer, 0, n);
                }
                return Base64.getEncoder().encodeToString(md5.digest());
            } catch (NoSuchAlgorithmException missing) {
                throw new IllegalStateException("every JDK has MD5", missing);
            }
        }

        /// Opened anew for every try.
        RequestBody body() {
            ContentStreamProvider fresh = () -> {
                try {
                    return open();
                } catch (IOException broken) {
                    throw new UncheckedIOException(broken);
                }
            };
            return RequestBody.fromContentProvider(fresh, lengthBytes, TYPE);
        }
    }
}
