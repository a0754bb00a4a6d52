package cambium.server.blob;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// At most so many bytes of another stream.
public final class BoundedInput extends FilterInputStream {
    private long leftBytes;

    public BoundedInput(InputStream in, long lengthBytes) {
        super(in);
        this.leftBytes = lengthBytes;
    }

    @Override
    public int read() throws IOException {
        if (leftBytes == 0) {
            return -1;
        }
        int value = super.read();
        leftBytes -= value < 0 ? 0 : 1;
        return value;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (leftBytes == 0) {
            return -1;
        }
        int n = super.read(target, offset, (int) Math.min(length, leftBytes));
        leftBytes -= Math.max(n, 0);
        return n;
    }

    @Override
    public long skip(long count) throws IOException {
        long n = super.skip(Math.min(count, leftBytes));
        leftBytes -= n;
        return n;
    }

    @Override
    public int available() throws IOException {
        return (int) Math.min(super.available(), leftBytes);
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
