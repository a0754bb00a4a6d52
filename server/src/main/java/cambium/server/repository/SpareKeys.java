package cambium.server.repository;

import cambium.server.access.MasterKey;
import cambium.server.signing.SigningKey;
import cambium.server.sql.Database;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jooq.DSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Signing keys made ahead of need, since making one takes seconds and creating a repository should not.
/// All processes on a database share the spare keys; secrets are stored sealed only.
final class SpareKeys {
    private static final Logger LOG = LoggerFactory.getLogger(SpareKeys.class);
    private static final String PURPOSE = "repository-signing-key";

    private final Database database;
    private final MasterKey masterKey;
    private final InstantSource clock;
    private final int wanted;
    private final ReentrantLock refilling = new ReentrantLock();

    SpareKeys(Database database, MasterKey masterKey, InstantSource clock, int wanted) {
        this.database = database;
        this.masterKey = masterKey;
        this.clock = clock;
        this.wanted = wanted;
    }

    /// Makes keys until there are enough, one after another. Does nothing while another thread does so.
    void refill() {
        while (spare() < wanted && !refilling.isLocked() && !Thread.currentThread().isInterrupted()) {
            makeUnless(wanted);
        }
    }

    /// Sees to it that a key is there, before a transaction needs one. One that is being made is waited for.
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

    /// Binds a key to a new repository and returns its public half's fingerprint.
    String assign(DSLContext inTransaction, long repositoryId, RepositoryName name, String host) {
        var row = inTransaction.fetchOptional("""
            select id, sealed_secret from signing_key where repository_id is null
            order by id limit 1 for update skip locked""");
        byte[] secret = row.map(found -> masterKey.open(PURPOSE, found.get("sealed_secret", byte[].class)))
            .orElseGet(SigningKey::newSecret);
        long id = row.map(found -> found.get("id", Long.class)).orElseGet(() -> insert(inTransaction, secret));
        Instant created = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        var key = SigningKey.of(secret, created);
        inTransaction.execute("""
            update signing_key set repository_id = ?, created_at = ?::timestamptz, fingerprint = ?, public_key = ?
            where id = ?""",
            repositoryId, created, key.fingerprint(), SigningKey.publicKey(secret, created, host + "/" + name), id);
        return key.fingerprint();
    }

    /// A repository's key with its public half in ASCII armour.
    record Assigned(SigningKey key, String publicKey) {}

    /// The key of a repository, to sign with.
    Assigned of(DSLContext sql, long repositoryId) {
        var row = sql.fetchOptional("select sealed_secret, created_at, public_key from signing_key "
                + "where repository_id = ?", repositoryId)
            .orElseThrow(() -> new IllegalStateException("repository " + repositoryId + " has no key"));
        byte[] secret = masterKey.open(PURPOSE, row.get("sealed_secret", byte[].class));
        return new Assigned(SigningKey.of(secret, row.get("created_at", Instant.class)),
            row.get("public_key", String.class));
    }

    private int spare() {
        return database.read(sql -> sql.fetchSingle(
            "select count(*) as spare from signing_key where repository_id is null").get("spare", Integer.class));
    }

    /// Adds a secret made elsewhere.
    void store(byte[] secret) {
        database.transact(sql -> insert(sql, secret));
    }

    private long insert(DSLContext sql, byte[] secret) {
        return sql.fetchSingle(
            "insert into signing_key (sealed_secret, made_at) values (?, ?::timestamptz) returning id",
            masterKey.seal(PURPOSE, secret), clock.instant()).get("id", Long.class);
    }
}
