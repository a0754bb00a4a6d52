package cambium.server.blob;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/// A range of a blob in S3, read as it comes. A connection that breaks in the middle is made again from there, a few
/// times; one that drips is given up.
final class S3Input extends InputStream {
    private static final int RANGE_NOT_SATISFIABLE = 416;
    private static final int MAX_CONTINUED = 4;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes [0-9]+-([0-9]+)/([0-9]+)");

    private final S3Connection s3;
    private final BlobId id;
    private final long toByte;
    private long position;
    private ResponseInputStream<GetObjectResponse> body;
    private int continued;
    private long waitedNanos;
    private long readBytes;

    private S3Input(S3Connection s3, BlobId id, long fromByte, long toByte) throws IOException {
        this.s3 = s3;
        this.id = id;
        this.position = fromByte;
        this.toByte = toByte;
        this.body = request();
    }

    /// `fromByte` is below `toByte`.
    static S3Input open(S3Connection s3, BlobId id, long fromByte, long toByte) throws IOException {
        try {
            var input = new S3Input(s3, id, fromByte, toByte);
            if (lastByte(input.body.response()) != toByte - 1) {
                input.close();
                throw outside(fromByte, toByte);
            }
            return input;
        } catch (BlobsUnavailable failed) {
            if (S3Connection.isMissing(failed)) {
                throw new NoSuchFileException(id.sha256());
            }
            if (S3Connection.hasStatus(failed, RANGE_NOT_SATISFIABLE)) {
                throw outside(fromByte, toByte);
            }
            throw failed;
        }
    }

    private static long lastByte(GetObjectResponse response) {
        Matcher range = CONTENT_RANGE.matcher(Optional.ofNullable(response.contentRange()).orElse(""));
        return range.matches() ? Long.parseLong(range.group(1)) : response.contentLength() - 1;
    }

    private static IllegalArgumentException outside(long fromByte, long toByte) {
        return new IllegalArgumentException("range " + fromByte + "-" + toByte + " is outside of the blob");
    }

    private ResponseInputStream<GetObjectResponse> request() throws IOException {
        return s3.call("give a blob", client -> client.getObject(get -> get.bucket(s3.bucket().name())
            .key(s3.bucket().key(id)).range("bytes=" + position + "-" + (toByte - 1))));
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (position == toByte) {
            return -1;
        }
        if (length == 0) {
            return 0;
        }
        while (true) {
            int count = readOnce(target, offset, (int) Math.min(length, toByte - position));
            if (count > 0) {
                position += count;
                return count;
            }
            if (++continued > MAX_CONTINUED) {
                throw new BlobsUnavailable("the bucket " + s3.bucket().name() + " broke off in a blob, again and again",
                    null);
            }
            body = request();
        }
    }

    /// What came, or -1 where the connection broke.
    private int readOnce(byte[] target, int offset, int length) throws IOException {
        long start = System.nanoTime();
        int count;
        try {
            count = body.read(target, offset, length);
        } catch (IOException | RuntimeException broken) {
            body.abort();
            count = -1;
        }
        waitedNanos += System.nanoTime() - start;
        readBytes += Math.max(count, 0);
        if (waitedNanos > s3.patience().silence().toNanos()
            && readBytes < s3.patience().leastRate() * (waitedNanos / NANOS_PER_SECOND)) {
            throw new BlobsUnavailable("the bucket " + s3.bucket().name() + " gives a blob too slowly", null);
        }
        return count;
    }

    /// What was not read is not waited for.
    @Override
    public void close() throws IOException {
        if (position < toByte) {
            body.abort();
        } else {
            body.close();
        }
    }
}
