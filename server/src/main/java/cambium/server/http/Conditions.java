package cambium.server.http;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;

/// Conditional requests and ranges (RFC 9110, 13 and 14). One range at most: a list of ranges gets the whole.
final class Conditions {
    private static final Pattern RANGE = Pattern.compile("bytes=([0-9]{0,18})-([0-9]{0,18})");

    private final HttpFields asked;
    private final Optional<String> tag;
    private final Optional<String> lastModified;
    private final long length;

    Conditions(HttpFields asked, Map<String, String> headers, long length) {
        this.asked = asked;
        this.tag = Optional.ofNullable(headers.get("ETag"));
        this.lastModified = Optional.ofNullable(headers.get("Last-Modified"));
        this.length = length;
    }

    Part whole() {
        return new Part(Part.Kind.WHOLE, 0, length, length);
    }

    Part part() {
        if (isFresh()) {
            return new Part(Part.Kind.NOT_MODIFIED, 0, 0, length);
        }
        var range = asked.get(HttpHeader.RANGE);
        if (range == null || !rangeStillApplies()) {
            return whole();
        }
        var match = RANGE.matcher(range.strip());
        if (!match.matches() || match.group(1).isEmpty() && match.group(2).isEmpty()) {
            return whole();
        }
        return match.group(1).isEmpty() ? tail(Long.parseLong(match.group(2)))
                : slice(Long.parseLong(match.group(1)), match.group(2));
    }

    private Part tail(long count) {
        return count == 0 || length == 0 ? unsatisfiable()
                : new Part(Part.Kind.SLICE, Math.max(0, length - count), length, length);
    }

    private Part slice(long from, String last) {
        if (from >= length) {
            return unsatisfiable();
        }
        if (last.isEmpty()) {
            return new Part(Part.Kind.SLICE, from, length, length);
        }
        var to = Long.parseLong(last);
        return to < from ? whole() : new Part(Part.Kind.SLICE, from, Math.min(to, length - 1) + 1, length);
    }

    private Part unsatisfiable() {
        return new Part(Part.Kind.UNSATISFIABLE, 0, 0, length);
    }

    private boolean isFresh() {
        var known = asked.get(HttpHeader.IF_NONE_MATCH);
        if (known != null) {
            return tag.filter(t -> matchesAny(known, t)).isPresent();
        }
        var since = date(asked.get(HttpHeader.IF_MODIFIED_SINCE));
        var modified = lastModified.flatMap(Conditions::date);
        return since.isPresent() && modified.isPresent() && !modified.get().isAfter(since.get());
    }

    /// `If-Range` compares strongly; a date must be exactly the one that was sent.
    private boolean rangeStillApplies() {
        var condition = asked.get(HttpHeader.IF_RANGE);
        if (condition == null) {
            return true;
        }
        return tag.filter(t -> !t.startsWith("W/") && t.equals(condition)).isPresent()
                || lastModified.filter(condition::equals).isPresent();
    }

    private static boolean matchesAny(String list, String tag) {
        for (var one : list.split(",")) {
            var known = one.strip();
            if (known.equals("*") || weak(known).equals(weak(tag))) {
                return true;
            }
        }
        return false;
    }

    private static String weak(String tag) {
        return tag.startsWith("W/") ? tag.substring(2) : tag;
    }

    private static Optional<Instant> date(String text) {
        try {
            return Optional.ofNullable(text)
                    .map(t -> ZonedDateTime.parse(t, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
