package cambium.server.blob;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.LinkedBlockingDeque;

/// A part of an open file, which is closed with it. Transferred to a sink that also takes buffers, its bytes pass by
/// the heap: the system fills a buffer of its own memory, and takes the bytes back from there.
final class FileInput extends FilterInputStream {
    /// So small that what was read is still in the processor's cache when it is written.
    private static final int BUFFER_BYTES = 128 << 10;
    /// Kept for the next transfers, at most 8 MiB, the last used in front; more are made where more run at once.
    private static final LinkedBlockingDeque<ByteBuffer> FREE = new LinkedBlockingDeque<>(64);

    private final FileChannel file;
    private final long toByte;

    /// Reads on from the channel's position.
    FileInput(FileChannel file, long toByte) throws IOException {
        super(new BoundedInput(Channels.newInputStream(file), toByte - file.position()));
        this.file = file;
        this.toByte = toByte;
    }

    @Override
    public long transferTo(OutputStream out) throws IOException {
        if (!(out instanceof WritableByteChannel sink)) {
            return super.transferTo(out);
        }
        ByteBuffer free = FREE.pollFirst();
        ByteBuffer buffer = free == null ? ByteBuffer.allocateDirect(BUFFER_BYTES) : free;
        long from = file.position();
        while (file.position() < toByte) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), toByte - file.position()));
            if (file.read(buffer) < 0) {
                throw new EOFException("a blob has become shorter");
            }
            buffer.flip();
            while (buffer.hasRemaining()) {
                sink.write(buffer);
            }
        }
        // Not after a failure, when a write may still hold it.
        FREE.offerFirst(buffer);
        return toByte - from;
    }
}
