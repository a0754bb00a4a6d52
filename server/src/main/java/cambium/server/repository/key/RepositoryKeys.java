package cambium.server.repository.key;

import cambium.server.access.MasterKey;
import cambium.server.access.SealedColumn;
import cambium.server.signing.PublicKeys;
import cambium.server.signing.SigningKey;
import cambium.server.sql.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jooq.DSLContext;

/// The door of this folder: the keys of repositories, from the first one on.
public final class RepositoryKeys {
    /// What of this folder's tables the master key has sealed.
    public static final List<SealedColumn> SEALED =
        List.of(new SealedColumn("signing_key", "sealed_secret", KeySafe.PURPOSE));

    private final Database database;
    private final InstantSource clock;
    private final SpareKeys spares;
    private final Signer signer;
    private final KeyRotation rotation;
    private final String host;

    /// `host`: the first part of the user id of each key; `spares`: how many secrets are made ahead of need;
    /// `mostSkew`: how far this process's clock may be from the database's when it signs.
    public RepositoryKeys(Database database, MasterKey masterKey, InstantSource clock, String host, int spares,
        Duration mostSkew) {
        var safe = new KeySafe(masterKey);
        this.database = database;
        this.clock = clock;
        this.host = host;
        this.spares = new SpareKeys(database, safe, clock, spares);
        this.signer = new Signer(database, safe, clock, mostSkew);
        this.rotation = new KeyRotation(database, safe, this.spares, clock);
    }

    public Signer signer() {
        return signer;
    }

    public KeyRotation rotation() {
        return rotation;
    }

    public void refillInBackground() {
        spares.refillInBackground();
    }

    /// Sees to it that a secret is at hand, before a transaction needs one.
    public void ensureOne() {
        spares.ensureOne();
    }

    /// Adds a secret made elsewhere to those for new repositories.
    public void store(byte[] secret) {
        spares.store(secret);
    }

    /// Gives a new repository its first key. `fullName`: owner and name, as they stand in addresses.
    public void assign(DSLContext inTransaction, long repositoryId, String fullName) {
        Instant created = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        byte[] secret = spares.take(inTransaction);
        rotation.insert(inTransaction, repositoryId, SigningKey.of(secret, created),
            SigningKey.publicKey(secret, created, userId(fullName)), created, "made");
    }

    String userId(String fullName) {
        return host + "/" + fullName;
    }

    /// Every key that the repository has had, the one in use first, then the newest.
    public List<StoredKey> all(long repositoryId) {
        Instant now = clock.instant();
        return database.read(sql -> sql.fetch(StoredKey.COLUMNS + "where repository_id = ? order by id desc",
            repositoryId).map(StoredKey::of)).stream().sorted(Comparator.comparing(key -> key.state(now))).toList();
    }

    /// Those whose signatures clients find now, the one in use first.
    public List<StoredKey> active(long repositoryId) {
        Instant now = clock.instant();
        return all(repositoryId).stream().filter(key -> key.state(now) != StoredKey.State.ENDED).toList();
    }

    /// The key with that fingerprint or the last 16 digits of it.
    public Optional<StoredKey> find(long repositoryId, String fingerprintOrId) {
        return all(repositoryId).stream()
            .filter(key -> key.fingerprint().equals(fingerprintOrId) || key.keyId().equals(fingerprintOrId))
            .findFirst();
    }

    /// What clients trust: all active keys in one armoured block.
    public String publicKeys(long repositoryId) {
        return PublicKeys.joined(active(repositoryId).stream().map(StoredKey::armored).toList());
    }
}
