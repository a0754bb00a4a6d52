package cambium.server.blob;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;

/// Blobs as objects of a bucket: `<prefix>ab/<sha256>`. A blob is received into a local file first: until its last byte
/// its address is not known, and a client that drips costs a file and no memory. Commit uploads it under its address,
/// large ones in parts. An object appears whole or not at all, so whoever finds it may rely on it.
public final class S3BlobStore implements BlobStore, AutoCloseable {
    /// Larger blobs are sent in parts of this size; also what one request of the heap or the network carries at most.
    private static final long PART_BYTES = 16L << 20;
    /// What the bucket must be able to do is tried with this blob; nothing ever deletes it.
    private static final byte[] TRIAL = "cambium: can this bucket keep a blob?\n".getBytes(StandardCharsets.US_ASCII);
    private static final int EXISTS_ALREADY = 412;
    private static final int BEING_WRITTEN = 409;

    private final S3Connection s3;
    private final S3Upload parts;
    private final Spool spool;
    private final long partBytes;

    private S3BlobStore(S3Connection s3, Spool spool, long partBytes) {
        this.s3 = s3;
        this.spool = spool;
        this.partBytes = partBytes;
        this.parts = new S3Upload(s3, partBytes);
    }

    /// Opens the store without asking the bucket anything, with the credentials that every tool of AWS would find.
    /// `incoming` is a local folder for what is being received.
    public static S3BlobStore open(S3Bucket bucket, Path incoming) throws IOException {
        return open(bucket, DefaultCredentialsProvider.builder().build(), incoming, S3Patience.standard());
    }

    /// With other credentials.
    public static S3BlobStore open(S3Bucket bucket, AwsCredentialsProvider credentials, Path incoming,
        S3Patience patience) throws IOException {
        return new S3BlobStore(new S3Connection(bucket, credentials, patience), Spool.open(incoming), PART_BYTES);
    }

    static S3BlobStore withParts(S3Bucket bucket, AwsCredentialsProvider credentials, Path incoming,
        S3Patience patience, long partBytes) throws IOException {
        return new S3BlobStore(new S3Connection(bucket, credentials, patience), Spool.open(incoming), partBytes);
    }

    /// Where the blobs are.
    public S3Bucket bucket() {
        return s3.bucket();
    }

    @Override
    public Staging stage(InputStream in, long maxBytes) throws IOException {
        return spool.receive(in, maxBytes);
    }

    @Override
    public boolean commitsSlowly(StagedBlob staged) {
        return staged.sizeBytes() > partBytes;
    }

    @Override
    public void commit(StagedBlob staged) throws IOException {
        if (!(staged instanceof Spool.SpooledBlob received)) {
            throw new IllegalArgumentException("staged by another store");
        }
        BlobId id = received.id();
        if (isThere(id, received.sizeBytes())) {
            return;
        }
        if (received.sizeBytes() > partBytes) {
            uploadInParts(received);
            return;
        }
        var whole = new S3Upload.Slice(received.file(), 0, received.sizeBytes());
        putOnce(id, received.sizeBytes(), base64(received.digests().md5()), whole.body());
    }

    /// Each object is a round trip, so some are on their way at a time.
    @Override
    public void commitAll(List<StagedBlob> staged) throws IOException {
        AtATime.each(staged, this::commit);
    }

    private void uploadInParts(Spool.SpooledBlob received) throws IOException {
        try {
            parts.upload(s3.bucket().key(received.id()), received.file(), received.sizeBytes());
        } catch (BlobsUnavailable failed) {
            // The last answer may be lost although the object stands.
            if (!isThere(received.id(), received.sizeBytes())) {
                throw failed;
            }
        }
    }

    /// A put that finds the object there, or was answered too late, is as good as one that made it.
    private void putOnce(BlobId id, long sizeBytes, String md5, RequestBody body) throws IOException {
        try {
            s3.call("take a blob", client -> client.putObject(put -> put.bucket(s3.bucket().name())
                .key(s3.bucket().key(id)).contentMD5(md5).ifNoneMatch("*").overrideConfiguration(override -> override
                    .apiCallAttemptTimeout(s3.patience().onePerTry().multipliedBy(S3Patience.FACTOR_FOR_BODIES))
                    .apiCallTimeout(s3.patience().inAll().multipliedBy(S3Patience.FACTOR_FOR_BODIES))), body));
        } catch (BlobsUnavailable failed) {
            boolean another = S3Connection.hasStatus(failed, EXISTS_ALREADY)
                || S3Connection.hasStatus(failed, BEING_WRITTEN);
            if (!isThere(id, sizeBytes)) {
                throw another ? new BlobsUnavailable("another upload of the same blob has not ended", failed) : failed;
            }
        }
    }

    @Override
    public BlobId put(byte[] bytes) throws IOException {
        var sink = new HashingSink();
        sink.update(bytes, bytes.length);
        BlobDigests digests = sink.finish();
        var id = new BlobId(digests.sha256());
        if (!isThere(id, bytes.length)) {
            putOnce(id, bytes.length, base64(digests.md5()), RequestBody.fromBytes(bytes));
        }
        return id;
    }

    private static String base64(String hex) {
        return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex));
    }

    private boolean isThere(BlobId id, long sizeBytes) throws IOException {
        OptionalLong size = sizeBytes(id);
        if (size.isPresent() && size.getAsLong() != sizeBytes) {
            throw new IOException("the bucket holds other bytes under " + id + "; it has been altered from outside");
        }
        return size.isPresent();
    }

    @Override
    public InputStream open(BlobId id, long fromByte, long toByte) throws IOException {
        if (fromByte < 0 || toByte < fromByte) {
            throw new IllegalArgumentException("range " + fromByte + "-" + toByte + " is outside of the blob");
        }
        if (fromByte < toByte) {
            return S3Input.open(s3, id, fromByte, toByte);
        }
        long size = sizeBytes(id).orElseThrow(() -> new NoSuchFileException(id.sha256()));
        if (toByte > size) {
            throw new IllegalArgumentException("range " + fromByte + "-" + toByte + " is outside of the blob");
        }
        return InputStream.nullInputStream();
    }

    @Override
    public byte[] bytes(BlobId id) throws IOException {
        try {
            return s3.call("give a blob", client -> client.getObjectAsBytes(
                get -> get.bucket(s3.bucket().name()).key(s3.bucket().key(id)))).asByteArray();
        } catch (BlobsUnavailable failed) {
            if (S3Connection.isMissing(failed)) {
                throw new NoSuchFileException(id.sha256());
            }
            throw failed;
        }
    }

    @Override
    public OptionalLong sizeBytes(BlobId id) throws IOException {
        try {
            return OptionalLong.of(s3.call("tell of a blob", client -> client.headObject(
                head -> head.bucket(s3.bucket().name()).key(s3.bucket().key(id)))).contentLength());
        } catch (BlobsUnavailable failed) {
            if (S3Connection.isMissing(failed)) {
                return OptionalLong.empty();
            }
            throw failed;
        }
    }

    @Override
    public void delete(BlobId id) throws IOException {
        s3.call("delete a blob", client -> client.deleteObject(
            delete -> delete.bucket(s3.bucket().name()).key(s3.bucket().key(id))));
    }

    @Override
    public void sweep(Instant before) throws IOException {
        parts.sweep(before);
    }

    /// The bucket takes what it is given; the folder for what is being received is the bound.
    @Override
    public long usableBytes() throws IOException {
        return spool.usableBytes();
    }

    @Override
    public Optional<String> problem() {
        try {
            put(TRIAL);
            return Optional.empty();
        } catch (IOException failed) {
            return Optional.of(failed.getMessage());
        }
    }

    /// An address under which anybody gets this one blob for so long, by GET, or by HEAD when `headOnly`. The server
    /// names the file as `disposition` says.
    public String presigned(BlobId id, String disposition, String type, boolean headOnly, Duration validity) {
        String bucket = s3.bucket().name();
        String key = s3.bucket().key(id);
        try {
            if (headOnly) {
                return s3.presigner().presignHeadObject(head -> head.signatureDuration(validity)
                    .headObjectRequest(request -> request.bucket(bucket).key(key))).url().toString();
            }
            return s3.presigner().presignGetObject(get -> get.signatureDuration(validity)
                .getObjectRequest(request -> request.bucket(bucket).key(key).responseContentDisposition(disposition)
                    .responseContentType(type))).url().toString();
        } catch (SdkException failed) {
            throw new java.io.UncheckedIOException(new BlobsUnavailable("no address for a blob can be signed", failed));
        }
    }

    /// Removes what this process has half-received.
    @Override
    public void close() {
        spool.close();
        s3.close();
    }
}
