package cambium.server.http;

import cambium.server.blob.BlobsFull;
import cambium.server.blob.BlobsUnavailable;
import cambium.server.config.Descriptors;
import cambium.server.sql.DatabaseFailed;
import cambium.server.sql.WrittenByNewer;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.io.EofException;

/// What a client is told of an exception.
final class Problems {
    private Problems() {}

    static Problem of(Throwable e) {
        for (var cause = e; cause != null; cause = cause.getCause()) {
            // Jetty tells a body that stopped by the timeout, and one that broke off by the end of the stream.
            switch (cause) {
                case Refused refused -> {
                    return refused.problem();
                }
                case DatabaseFailed _ -> {
                    return Problem.of(503, "database_unavailable", "the database does not answer; try again soon");
                }
                case WrittenByNewer _ -> {
                    return Problem.of(503, "newer_cambium", "a newer Cambium has written what this one cannot read; "
                            + "ask a process of the newer one");
                }
                case BlobsUnavailable _ -> {
                    return Problem.of(503, "blobs_unavailable", "the store of packages does not answer; try again "
                            + "soon");
                }
                case BlobsFull _ -> {
                    return Problem.of(507, "disk_full", "there is no room left; nothing was stored");
                }
                case HttpException bad when bad.getCode() >= 400 && bad.getCode() < 500 -> {
                    return Problem.of(bad.getCode(), "bad_request", "the request is not well formed");
                }
                case EofException _ -> {
                    return Problem.of(400, "incomplete", "the request ended before its body was complete");
                }
                case TimeoutException _ -> {
                    return Problem.of(408, "too_slow", "the request came too slowly");
                }
                default -> { }
            }
        }
        if (Descriptors.isLackOf(e)) {
            return Problem.of(503, Admission.OVERLOADED, "this server has too many files and connections open; try "
                    + "again soon");
        }
        return Problem.of(500, "internal", "something went wrong here; the request id finds it in the log");
    }
}
