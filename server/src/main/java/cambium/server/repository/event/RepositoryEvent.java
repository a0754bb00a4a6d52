package cambium.server.repository.event;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.jooq.Record;

/// One change. `before` and `after` are JSON, as far as they concern the change; `number` counts the events of all
/// repositories without a gap and is given, with `hash`, soon after the event.
record RepositoryEvent(long id, long repositoryId, Instant at, String actor, String kind, String subject,
    Optional<String> before, Optional<String> after, OptionalLong number, Optional<byte[]> hash) {
    static final String COLUMNS = "select id, repository_id, at, actor, kind, subject, before::text as before, "
        + "after::text as after, number, hash from repository_event ";

    static RepositoryEvent of(Record row) {
        Long number = row.get("number", Long.class);
        return new RepositoryEvent(row.get("id", Long.class), row.get("repository_id", Long.class),
            row.get("at", Instant.class), row.get("actor", String.class), row.get("kind", String.class),
            row.get("subject", String.class), Optional.ofNullable(row.get("before", String.class)),
            Optional.ofNullable(row.get("after", String.class)),
            number == null ? OptionalLong.empty() : OptionalLong.of(number),
            Optional.ofNullable(row.get("hash", byte[].class)));
    }

    /// SHA-256 over the former event's hash, the number, and each field with its length before it.
    byte[] hash(byte[] former, long number) {
        MessageDigest digest = sha256();
        digest.update(former);
        digest.update(ByteBuffer.allocate(3 * Long.BYTES).putLong(number).putLong(id).putLong(repositoryId).array());
        for (String field : new String[] {at.toString(), actor, kind, subject, before.orElse(""), after.orElse("")}) {
            byte[] bytes = field.getBytes(StandardCharsets.UTF_8);
            digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
            digest.update(bytes);
        }
        return digest.digest();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every JDK has SHA-256", missing);
        }
    }
}
