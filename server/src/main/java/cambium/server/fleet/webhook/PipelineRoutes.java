package cambium.server.fleet.webhook;

import cambium.rollout.AttemptId;
import cambium.server.access.HmacSha256;
import cambium.server.access.Permission;
import cambium.server.config.Role;
import cambium.server.fleet.handover.DriverFolders;
import cambium.server.fleet.handover.Handover;
import cambium.server.fleet.handover.Handover.Phase;
import cambium.server.fleet.handover.Handovers;
import cambium.server.fleet.handover.OneLine;
import cambium.server.fleet.handover.Technology;
import cambium.server.fleet.handover.WebhookSpec;
import cambium.server.http.Answer;
import cambium.server.http.Call;
import cambium.server.http.Json;
import cambium.server.http.Method;
import cambium.server.http.Refused;
import cambium.server.http.Route;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Where pipelines tell how their runs are. A signature under the driver's own secret stands for a token; it covers the
/// time and the body, and the body names the attempt. What is told twice, late, or by another run changes nothing.
public final class PipelineRoutes {
    static final String TIMESTAMP = "X-Cambium-Timestamp";
    static final String SIGNATURE = "X-Cambium-Signature";
    static final Duration MAX_AGE = Duration.ofMinutes(5);
    private static final int MAX_BODY_BYTES = 1 << 16;
    private static final int MAX_RUN_CHARACTERS = 200;
    private static final String BEGUN = "begun";
    private static final String PREFIX = "sha256=";

    private final DriverFolders folders;
    private final Handovers handovers;
    private final InstantSource time;

    public PipelineRoutes(DriverFolders folders, Handovers handovers, InstantSource time) {
        this.folders = folders;
        this.handovers = handovers;
        this.time = time;
    }

    public List<Route> routes() {
        return List.of(new Route(Method.POST, "/api/fleet/drivers/{driver}/results", Role.WEB, Permission.NONE,
                this::told));
    }

    /// What a run says. `run` is empty where the pipeline has no names for them.
    record Said(String attempt, String result, String run, String reason, String log) {}

    private Answer told(Call call) {
        var driver = call.param("driver");
        var body = call.body(MAX_BODY_BYTES);
        check(secret(driver), call.header(TIMESTAMP).orElse(""), call.header(SIGNATURE).orElse(""), body);
        var said = said(Json.read(body));
        return Answer.json(200, Map.of("counted", count(driver, said)));
    }

    private byte[] secret(String driver) {
        if (folders.named(driver) instanceof DriverFolders.Named.Known(WebhookSpec spec, var folder)
                && spec.callback().isPresent()) {
            try {
                return new SecretFiles(folder).read(spec.callback().get()).getBytes(StandardCharsets.UTF_8);
            } catch (Unusable unusable) {
                throw new Refused(503, "driver_unusable", unusable.getMessage());
            }
        }
        throw new Refused(404, "unknown_driver", "no driver of that name takes results; a driver of kind webhook with "
                + "'callback' does, on the machine that answers here");
    }

    private void check(byte[] secret, String timestamp, String signature, byte[] body) {
        if (!timestamp.matches("[0-9]{1,12}") || !signature.startsWith(PREFIX)) {
            throw new Refused(401, "signature_missing", TIMESTAMP + " (seconds since 1970) and " + SIGNATURE
                    + " (sha256=…) are needed");
        }
        var expected = HexFormat.of().formatHex(HmacSha256.of(secret,
                (timestamp + ".").getBytes(StandardCharsets.US_ASCII), body));
        if (!MessageDigest.isEqual(expected.getBytes(StandardCharsets.US_ASCII),
                signature.substring(PREFIX.length()).toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8))) {
            throw new Refused(401, "wrong_signature", "the signature is not the HMAC-SHA256 under the driver's secret, "
                    + "of the timestamp, a dot, and the body");
        }
        var age = Duration.between(Instant.ofEpochSecond(Long.parseLong(timestamp)), time.instant()).abs();
        if (age.compareTo(MAX_AGE) > 0) {
            throw new Refused(401, "stale_signature", "the timestamp is " + age.toSeconds() + " s off this server's "
                    + "clock; " + MAX_AGE.toSeconds() + " s are allowed");
        }
    }

    private static Said said(JsonNode body) {
        var said = new Said(field(body, "attempt"), field(body, "result"), field(body, "run"),
                OneLine.of(field(body, "reason"), RunEnd.MAX_REASON_CHARACTERS), field(body, "log"));
        if (said.attempt().isEmpty() || !said.result().equals(BEGUN) && end(said).isEmpty()) {
            throw new Refused(422, "invalid_field", "'attempt' and 'result' are needed; 'result' is begun, succeeded, "
                    + "failed, cancelled or lost", "result");
        }
        if (said.run().length() > MAX_RUN_CHARACTERS) {
            throw new Refused(422, "invalid_field", "'run' has at most " + MAX_RUN_CHARACTERS + " characters", "run");
        }
        return said;
    }

    private static String field(JsonNode body, String name) {
        return Optional.ofNullable(body.get(name)).filter(JsonNode::isValueNode).filter(node -> !node.isNull())
                .map(JsonNode::asText).orElse("");
    }

    private static Optional<RunEnd> end(Said said) {
        return Arrays.stream(RunEnd.values()).filter(end ->
                end.name().toLowerCase(Locale.ROOT).equals(said.result())).findFirst();
    }

    private boolean count(String driver, Said said) {
        var counted = open(driver, said).filter(handover -> take(handover, said)).isPresent();
        if (!counted) {
            handovers.stray(said.attempt(), "driver " + driver, said.result()
                    + (said.run().isEmpty() ? "" : " by run " + said.run())
                    + (said.reason().isEmpty() ? "" : ": " + said.reason()));
        }
        return counted;
    }

    /// The attempt, where it is this driver's, was asked for, has not ended, and no other run carries it out.
    private Optional<Handover> open(String driver, Said said) {
        try {
            return handovers.find(AttemptId.of(said.attempt()))
                    .filter(each -> each.technology() == Technology.WEBHOOK && each.order().driver().equals(driver))
                    .filter(each -> each.phase() instanceof Phase.Sent || each.phase() instanceof Phase.Running)
                    .filter(each -> each.reference().isEmpty() || said.run().isEmpty()
                            || each.reference().equals(said.run()));
        } catch (IllegalArgumentException noAttempt) {
            return Optional.empty();
        }
    }

    private boolean take(Handover handover, Said said) {
        var attempt = handover.order().attempt();
        var end = end(said);
        if (end.isEmpty()) {
            return handovers.claim(attempt, said.run());
        }
        return handovers.end(attempt, end.get().result(handover, time.instant(), said.reason()), said.log());
    }
}
