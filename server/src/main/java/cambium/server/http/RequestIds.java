package cambium.server.http;

import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/// Names requests, so that a line of the log can be found from an answer: a part for the process, a running number.
public final class RequestIds {
    private final String process;
    private final AtomicLong number = new AtomicLong();

    public RequestIds(RandomGenerator random) {
        process = HexFormat.of().toHexDigits(random.nextInt());
    }

    String next() {
        return process + "-" + Long.toString(number.incrementAndGet(), Character.MAX_RADIX);
    }
}
