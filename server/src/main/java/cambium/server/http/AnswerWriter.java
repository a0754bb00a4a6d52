package cambium.server.http;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes one answer: headers that every answer has, conditional requests, one range at most, `HEAD`.
final class AnswerWriter {
    private static final String PAGE_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; "
            + "img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
            + "frame-ancestors 'none'";
    private static final List<HttpField> ALWAYS = List.of(
            new PreEncodedHttpField("X-Content-Type-Options", "nosniff"),
            new PreEncodedHttpField("Referrer-Policy", "no-referrer"));
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final Logger LOG = LoggerFactory.getLogger(AnswerWriter.class);

    private final Request request;
    private final Response response;
    private final Callback callback;
    private final EventStreams streams;
    private final SlowReaders slowReaders;
    private final boolean guarded;

    /// `guarded`: the answer was made for someone who had to show a right, so shared caches must not keep it.
    AnswerWriter(Request request, Response response, Callback callback, EventStreams streams,
            SlowReaders slowReaders, boolean guarded) {
        this.request = request;
        this.response = response;
        this.callback = callback;
        this.streams = streams;
        this.slowReaders = slowReaders;
        this.guarded = guarded;
    }

    void write(Answer answer) throws Exception {
        switch (answer) {
            case Answer.Bytes bytes -> writeBytes(bytes);
            case Answer.Streamed streamed -> writeStreamed(streamed);
            case Answer.Events events -> writeEvents(events);
            case Answer.Lines lines -> writeLines(lines);
        }
    }

    private void writeBytes(Answer.Bytes answer) throws Exception {
        head(answer.status(), answer.contentType(), answer.headers());
        var part = part(answer.status(), answer.body().length, answer.headers());
        if (part.isBodiless()) {
            response.write(true, null, callback);
            return;
        }
        var bytes = ByteBuffer.wrap(answer.body(), (int) part.from(), (int) (part.toExclusive() - part.from()));
        finish(part, answer.status());
        if (bytes.remaining() > BUFFER_BYTES && !isHead()) {
            send((out, from, to) -> out.write(answer.body(), (int) from, (int) (to - from)), part.from(),
                    part.toExclusive());
            callback.succeeded();
            return;
        }
        response.write(true, isHead() ? null : bytes, callback);
    }

    private void writeStreamed(Answer.Streamed answer) throws Exception {
        head(answer.status(), answer.contentType(), answer.headers());
        var part = part(answer.status(), answer.length(), answer.headers());
        if (part.isBodiless()) {
            response.write(true, null, callback);
            return;
        }
        finish(part, answer.status());
        if (isHead() || part.from() == part.toExclusive()) {
            response.write(true, null, callback);
            return;
        }
        send(answer.content(), part.from(), part.toExclusive());
        callback.succeeded();
    }

    /// What fails before its first byte has left can still be answered with an error.
    private void send(cambium.server.http.Content content, long from, long toExclusive) throws Exception {
        var watched = slowReaders.watched(response, client());
        try {
            var out = new BufferedSink(watched);
            content.writeTo(out, from, toExclusive);
            out.close();
        } catch (Exception e) {
            if (!response.isCommitted()) {
                var id = response.getHeaders().get("X-Request-Id");
                response.reset();
                response.getHeaders().put("X-Request-Id", id);
            }
            throw e;
        } finally {
            slowReaders.forget(watched);
        }
    }

    private void writeEvents(Answer.Events answer) throws Exception {
        head(200, "text/event-stream", Map.of("Cache-Control", "no-store", "X-Accel-Buffering", "no"));
        if (isHead()) {
            response.write(true, null, callback);
            return;
        }
        var out = Content.Sink.asOutputStream(response);
        streams.serve(out, answer.stream());
        callback.succeeded();
    }

    private void writeLines(Answer.Lines answer) throws Exception {
        head(200, "application/x-ndjson", Map.of("Cache-Control", "no-store", "X-Accel-Buffering", "no"));
        send((out, _, _) -> {
            var sink = new LineSink(out);
            try {
                answer.source().writeTo(sink);
            } catch (IOException | RuntimeException broken) {
                if (!response.isCommitted()) {
                    throw broken;
                }
                var problem = Problems.of(broken);
                if (problem.status() >= 500) {
                    LOG.error("an answer of lines ended early", broken);
                }
                sink.line(ErrorAnswers.body(problem, response.getHeaders().get("X-Request-Id")));
            }
        }, 0, 0);
        callback.succeeded();
    }

    private void head(int status, String contentType, Map<String, String> headers) {
        response.setStatus(status);
        var out = response.getHeaders();
        if (!contentType.isEmpty()) {
            out.put(HttpHeader.CONTENT_TYPE, contentType);
        }
        ALWAYS.forEach(out::put);
        if (contentType.startsWith("text/html")) {
            out.put("Content-Security-Policy", PAGE_POLICY);
        }
        if (guarded) {
            out.put(HttpHeader.CACHE_CONTROL, "private, no-cache");
        }
        headers.forEach(out::put);
        if (status >= 400) {
            // A refusal is for whoever asked, whatever a handler says of its answers.
            out.put(HttpHeader.CACHE_CONTROL, "no-store");
        }
    }

    private Part part(int status, long length, Map<String, String> headers) {
        var conditions = new Conditions(request.getHeaders(), headers, length);
        if (status != 200 || !("GET".equals(request.getMethod()) || isHead())) {
            return conditions.whole();
        }
        var part = conditions.part();
        switch (part.kind()) {
            case WHOLE, SLICE -> response.getHeaders().put(HttpHeader.ACCEPT_RANGES, "bytes");
            case NOT_MODIFIED -> {
                response.setStatus(304);
                response.getHeaders().remove(HttpHeader.CONTENT_TYPE);
            }
            case UNSATISFIABLE -> {
                // What one reader asked for wrongly must not be kept for the next.
                response.setStatus(416);
                response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
                response.getHeaders().remove(HttpHeader.CONTENT_TYPE);
                response.getHeaders().remove(HttpHeader.ETAG);
                response.getHeaders().put(HttpHeader.CONTENT_RANGE, "bytes */" + length);
                response.getHeaders().put(HttpHeader.CONTENT_LENGTH, 0);
            }
        }
        return part;
    }

    private void finish(Part part, int status) {
        if (part.kind() == Part.Kind.SLICE) {
            response.setStatus(206);
            response.getHeaders().put(HttpHeader.CONTENT_RANGE,
                    "bytes " + part.from() + "-" + (part.toExclusive() - 1) + "/" + part.length());
        }
        if (status != 204 && status != 304) {
            response.getHeaders().put(HttpHeader.CONTENT_LENGTH, part.toExclusive() - part.from());
        }
    }

    private EndPoint client() {
        return request.getConnectionMetaData().getConnection().getEndPoint();
    }

    private boolean isHead() {
        return "HEAD".equals(request.getMethod());
    }

    /// Gathers small writes; large ones and buffers pass through.
    private static final class BufferedSink extends BufferedOutputStream implements WritableByteChannel {
        private final SlowReaders.Paced paced;

        BufferedSink(SlowReaders.Paced paced) {
            super(paced, BUFFER_BYTES);
            this.paced = paced;
        }

        @Override
        public synchronized int write(ByteBuffer bytes) throws IOException {
            if (count > 0) {
                paced.write(buf, 0, count);
                count = 0;
            }
            return paced.write(bytes);
        }

        @Override
        public boolean isOpen() {
            return paced.isOpen();
        }
    }

    /// A line of JSON for each value.
    private record LineSink(OutputStream out) implements LineSource.Sink {
        @Override
        public void line(Object value) {
            try {
                out.write(Json.write(value));
                out.write('\n');
            } catch (IOException gone) {
                throw new UncheckedIOException(gone);
            }
        }

        @Override
        public void flush() {
            try {
                out.flush();
            } catch (IOException gone) {
                throw new UncheckedIOException(gone);
            }
        }
    }
}
