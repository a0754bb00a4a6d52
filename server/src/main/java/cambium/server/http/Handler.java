package cambium.server.http;

/// Answers one call. Runs on a virtual thread of its own, so it may block. Expected errors are thrown as [Refused].
@FunctionalInterface
public interface Handler {
    Answer handle(Call call) throws Exception;
}
