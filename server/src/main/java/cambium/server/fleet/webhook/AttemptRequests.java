package cambium.server.fleet.webhook;

import cambium.server.fleet.StepOrder;
import cambium.server.fleet.handover.WebhookSpec;
import cambium.server.fleet.process.StepEnvironment;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Makes the requests of one attempt from the texts of its driver: the order's facts as `${CAMBIUM_…}`, secrets as
/// `${secret:FILE}`, the run as `${run}` once it is known.
final class AttemptRequests {
    static final String RUN = "run";
    private static final String SECRET = "secret:";
    private static final String TYPE = "Content-Type";
    private static final int MAX_BODY_BYTES = 1 << 18;

    private final Path folder;
    private final Map<String, String> values;
    private final SecretFiles secrets;
    private final Template template;

    AttemptRequests(Path folder, StepOrder order, String run) {
        this.folder = folder;
        this.values = new TreeMap<>(StepEnvironment.facts(order));
        if (!run.isEmpty()) {
            values.put(RUN, run);
        }
        this.secrets = new SecretFiles(folder);
        this.template = new Template(name -> name.startsWith(SECRET)
                ? Optional.of(secrets.read(name.substring(SECRET.length()))) : Optional.ofNullable(values.get(name)));
    }

    /// Ready to be sent.
    record Ready(String method, URI target, Map<String, String> headers, byte[] body) {}

    Ready make(WebhookSpec.Request request) throws Unusable {
        var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        headers.put("User-Agent", "cambium");
        headers.put("Accept", "application/json");
        for (var header : request.headers().entrySet()) {
            headers.put(header.getKey(), template.header(header.getValue()));
        }
        var body = request.body().isPresent() ? body(request.body().get(), headers) : new byte[0];
        try {
            return new Ready(request.method(), URI.create(template.url(request.url())), headers, body);
        } catch (IllegalArgumentException malformed) {
            throw new Unusable("the url is no address once its variables are put in");
        }
    }

    private byte[] body(String file, Map<String, String> headers) throws Unusable {
        headers.putIfAbsent(TYPE, "application/json");
        var type = headers.get(TYPE).toLowerCase(Locale.ROOT).replaceAll(";.*", "").strip();
        try (var in = Files.newInputStream(folder.resolve(file))) {
            var text = in.readNBytes(MAX_BODY_BYTES);
            return switch (type) {
                case "application/json" -> template.json(text);
                case "application/x-www-form-urlencoded" ->
                    template.form(new String(text, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
                default -> throw new Unusable("a body is application/json or application/x-www-form-urlencoded, not "
                        + type);
            };
        } catch (IOException unreadable) {
            throw new Unusable("the file '" + file + "' cannot be read: " + unreadable.getClass().getSimpleName());
        }
    }

    String plain(String text) throws Unusable {
        return template.plain(text);
    }

    /// What may be kept of a text that came back.
    String withoutSecrets(String text) {
        return secrets.without(text);
    }
}
