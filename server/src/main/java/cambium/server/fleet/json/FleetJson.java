package cambium.server.fleet.json;

import cambium.rollout.AttemptResult;
import cambium.rollout.Evidence;
import cambium.rollout.Fleet;
import cambium.rollout.FleetEvent;
import cambium.server.fleet.OutboxEntry;
import cambium.server.fleet.StepOrder;
import cambium.server.sql.WrittenByNewer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// The stored form of events, outbox entries, orders and fleets: one line of JSON, fields in the order of the types, so
/// that equal values give equal text. Reading refuses what it does not fully understand with IllegalStateException: a
/// log that holds an unknown event must stop the coordinator, not be guessed at.
public final class FleetJson {
    /// What stands before the first event in the chain of hashes.
    public static final String FIRST_HASH = "0".repeat(64);
    private static final ObjectMapper TREES = JsonMapper.builder().build();

    private FleetJson() {}

    public static JsonNode tree(FleetEvent event) {
        return RecordJson.write(FleetEvent.class, event);
    }

    public static String text(FleetEvent event) {
        return tree(event).toString();
    }

    /// For those who read a server's log: evidence is told by its sentence alone, the figures stand in the fleet's log.
    public static String line(FleetEvent event) {
        return text(event instanceof FleetEvent.VerdictReached reached
                ? reached.with(Evidence.of(reached.evidence().text())) : event);
    }

    public static FleetEvent event(String text) {
        return (FleetEvent) read(FleetEvent.class, text);
    }

    public static String text(OutboxEntry entry) {
        return RecordJson.write(OutboxEntry.class, entry).toString();
    }

    public static OutboxEntry entry(String text) {
        return (OutboxEntry) read(OutboxEntry.class, text);
    }

    public static String text(Fleet fleet) {
        return RecordJson.write(Fleet.class, fleet).toString();
    }

    public static Fleet fleet(String text) {
        return (Fleet) read(Fleet.class, text);
    }

    public static String text(StepOrder order) {
        return RecordJson.write(StepOrder.class, order).toString();
    }

    public static StepOrder order(String text) {
        return (StepOrder) read(StepOrder.class, text);
    }

    public static String text(AttemptResult result) {
        return RecordJson.write(AttemptResult.class, result).toString();
    }

    public static AttemptResult result(String text) {
        return (AttemptResult) read(AttemptResult.class, text);
    }

    /// SHA-256 (hex) of the hash before and the event's stored text.
    public static String hash(String before, String text) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update(before.getBytes(StandardCharsets.US_ASCII));
            digest.update(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    private static Object read(Type type, String text) {
        try {
            return RecordJson.read(type, TREES.readTree(text));
        } catch (JsonProcessingException | RecordJson.Unreadable unreadable) {
            throw new WrittenByNewer("the fleet's log holds what this program cannot read ("
                    + unreadable.getMessage() + "): " + (text.length() > 500 ? text.substring(0, 500) + "…" : text),
                    unreadable);
        }
    }
}
