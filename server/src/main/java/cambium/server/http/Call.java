package cambium.server.http;

import cambium.server.access.Actor;
import cambium.server.access.Permission;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.InputStream;
import java.util.Optional;

/// One request as a handler sees it: already framed, routed, decoded once and authorized.
public interface Call extends RequestHead {
    /// Whether the client asked with `HEAD`, which the routes of `GET` answer: it gets no body.
    boolean isHead();

    /// The path with repeated slashes collapsed, decoded once.
    String path();

    /// The part of the path that the route names; asking for another name is a bug of the handler.
    String param(String name);

    /// The first value of that name in the query.
    Optional<String> query(String name);

    /// Query, form (urlencoded, also when the body has no type, or multipart) and JSON object, merged. Reads the body;
    /// at most 1 MiB, else [Refused] with 413 `too_large`.
    Parameters parameters();

    /// The bytes of that part of a small multipart form; empty where there is none. Of several with the name the first
    /// that holds anything, so that a form may offer a file beside a text. At most 1 MiB with all parts.
    Optional<byte[]> file(String name);

    /// The body as JSON, at most 1 MiB; what is not strict JSON ends as [Refused] with 400 `invalid_json`.
    JsonNode json();

    /// The body as it comes; its size is for the caller to bound.
    InputStream body();

    /// The whole body, or [Refused] with 413 `too_large`.
    byte[] body(int maxBytes);

    Actor actor();

    /// Refuses whoever has not the permission: 403 `forbidden`, or 401 where nobody has signed in. Leaves its trace.
    void require(Permission permission);

    /// Leaves the trace of a call that its handler refuses, for want of something that is no permission.
    void denied(String missing);

    /// Also in the `X-Request-Id` header of the answer and in every line logged for it.
    String requestId();

    /// The external base address without a slash at the end: as configured, else made from the Host of the request.
    String baseUrl();
}
