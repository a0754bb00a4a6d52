package cambium.server.repository.key;

import cambium.server.signing.SigningKey;
import cambium.server.sql.Database;
import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;
import org.jooq.DSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Secrets of signing keys made ahead of need, since making one takes seconds and creating a repository should not.
/// All processes on a database share them.
final class SpareKeys {
    private static final Logger LOG = LoggerFactory.getLogger(SpareKeys.class);

    private final Database database;
    private final KeySafe safe;
    private final InstantSource clock;
    private final int wanted;
    private final ReentrantLock refilling = new ReentrantLock();

    SpareKeys(Database database, KeySafe safe, InstantSource clock, int wanted) {
        this.database = database;
        this.safe = safe;
        this.clock = clock;
        this.wanted = wanted;
    }

    /// Makes secrets until there are enough, one after another. Does nothing while another thread does so.
    private void refill() {
        while (spare() < wanted && !refilling.isLocked() && !Thread.currentThread().isInterrupted()) {
            makeUnless(wanted);
        }
    }

    /// Sees to it that one is there, before a transaction needs it. One that is being made is waited for.
    void ensureOne() {
        if (spare() == 0) {
            makeUnless(1);
        }
    }

    private void makeUnless(int enough) {
        refilling.lock();
        try {
            if (spare() < enough) {
                store(SigningKey.newSecret());
            }
        } finally {
            refilling.unlock();
        }
    }

    /// Refills on a thread of its own. A platform thread of low priority: it computes for seconds.
    void refillInBackground() {
        Thread.ofPlatform().daemon().name("spare-keys").priority(Thread.MIN_PRIORITY).start(() -> {
            try {
                refill();
            } catch (RuntimeException failed) {
                LOG.warn("no spare signing keys could be made; the next repository makes its own", failed);
            }
        });
    }

    /// A secret that is now the caller's; made here if there is none.
    byte[] take(DSLContext inTransaction) {
        return inTransaction.fetchOptional("""
            delete from signing_key where id = (select id from signing_key where repository_id is null
                order by id limit 1 for update skip locked) returning sealed_secret""")
            .map(row -> safe.open(row.get("sealed_secret", byte[].class))).orElseGet(SigningKey::newSecret);
    }

    private int spare() {
        return database.read(sql -> sql.fetchSingle(
            "select count(*) as spare from signing_key where repository_id is null").get("spare", Integer.class));
    }

    /// Adds a secret made elsewhere.
    void store(byte[] secret) {
        database.transact(sql -> sql.execute(
            "insert into signing_key (sealed_secret, made_at) values (?, ?::timestamptz)", safe.seal(secret),
            clock.instant()));
    }
}
