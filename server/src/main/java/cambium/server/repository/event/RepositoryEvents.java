package cambium.server.repository.event;

import cambium.server.sql.Database;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jooq.DSLContext;

/// The log of changes: numbers and chains what the database has written down, shows it, and checks the chain.
public final class RepositoryEvents {
    private static final int BATCH = 1000;
    private static final byte[] NOTHING = new byte[0];
    /// Of all that takes advisory locks, only this uses the number: "events" in ASCII.
    private static final long LOCK = 0x6576656e7473L;

    private final Database database;

    public RepositoryEvents(Database database) {
        this.database = database;
    }

    /// Gives the next numbers to events that have none, in the order of their writing. Returns how many; any number of
    /// processes may do so, one after the other.
    public int chain() {
        int chained = 0;
        int batch = BATCH;
        while (batch == BATCH) {
            batch = database.transact(RepositoryEvents::chain);
            chained += batch;
        }
        return chained;
    }

    private static int chain(DSLContext sql) {
        if (!sql.fetchSingle("select pg_try_advisory_xact_lock(?) as free", LOCK).get("free", Boolean.class)) {
            return 0;
        }
        List<RepositoryEvent> events = sql.fetch(RepositoryEvent.COLUMNS + "where number is null order by id limit ?",
            BATCH).map(RepositoryEvent::of);
        if (events.isEmpty()) {
            return 0;
        }
        Optional<RepositoryEvent> last = sql.fetchOptional(RepositoryEvent.COLUMNS
            + "where number is not null order by number desc limit 1").map(RepositoryEvent::of);
        long number = last.map(event -> event.number().getAsLong()).orElse(0L);
        byte[] hash = last.flatMap(RepositoryEvent::hash).orElse(NOTHING);
        var numbers = new ArrayList<Long>();
        var hashes = new ArrayList<byte[]>();
        for (RepositoryEvent event : events) {
            number++;
            hash = event.hash(hash, number);
            numbers.add(number);
            hashes.add(hash);
        }
        sql.execute("""
            update repository_event e set number = c.number, hash = c.hash
            from unnest(?::bigint[], ?::bigint[], ?::bytea[]) c(id, number, hash) where e.id = c.id""",
            events.stream().map(RepositoryEvent::id).toArray(Long[]::new), numbers.toArray(Long[]::new),
            hashes.toArray(byte[][]::new));
        return events.size();
    }

    /// What is wrong with the chain, if anything: the first event that was altered, taken out or put in.
    public Optional<String> problem() {
        byte[] hash = NOTHING;
        long number = 0;
        while (true) {
            long after = number;
            List<RepositoryEvent> events = database.read(sql -> sql.fetch(RepositoryEvent.COLUMNS
                + "where number > ? order by number limit ?", after, BATCH).map(RepositoryEvent::of));
            for (RepositoryEvent event : events) {
                number++;
                hash = event.hash(hash, number);
                if (event.number().getAsLong() != number || !MessageDigest.isEqual(hash, event.hash().orElseThrow())) {
                    return Optional.of("the log of changes was altered at event " + number);
                }
            }
            if (events.size() < BATCH) {
                return Optional.empty();
            }
        }
    }

    /// Events of a repository after that id, oldest first.
    List<RepositoryEvent> after(long repositoryId, long id, int limit) {
        return database.read(sql -> sql.fetch(RepositoryEvent.COLUMNS
            + "where repository_id = ? and id > ? order by id limit ?", repositoryId, id, limit)
            .map(RepositoryEvent::of));
    }
}
