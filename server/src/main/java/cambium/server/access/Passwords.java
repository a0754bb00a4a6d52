package cambium.server.access;

import cambium.server.http.Refused;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/// Hashes of passwords: Argon2id (RFC 9106) with 19 MiB and two passes, written in the PHC string format, so that the
/// cost can grow later. At most two are computed at a time; whoever waits longer than some seconds is sent away.
final class Passwords {
    static final int MIN_CHARACTERS = 10;
    static final int MAX_CHARACTERS = 200;
    private static final int MEMORY_KIB = 19 * 1024;
    private static final int PASSES = 2;
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;
    private static final int AT_A_TIME = 2;
    private static final int MAX_WAIT_SECONDS = 5;
    private static final Pattern FORM = Pattern.compile(
            "\\$argon2id\\$v=19\\$m=([0-9]{1,7}),t=([0-9]{1,2}),p=([0-9])\\$([A-Za-z0-9+/]+)\\$([A-Za-z0-9+/]+)");
    /// What a password is compared with when there is no such account, so that both take the same time.
    private static final String NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$"
            + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    private final SecureRandom random;
    private final Semaphore free = new Semaphore(AT_A_TIME, true);

    Passwords(SecureRandom random) {
        this.random = random;
    }

    static boolean isAcceptable(String password) {
        return password.length() >= MIN_CHARACTERS && password.length() <= MAX_CHARACTERS;
    }

    /// A password of 96 random bits, for an account that was made without one.
    String invented() {
        var bytes = new byte[12];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    String hash(String password) {
        var salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        var hash = argon2id(password, salt, MEMORY_KIB, PASSES, 1, HASH_BYTES);
        return "$argon2id$v=19$m=" + MEMORY_KIB + ",t=" + PASSES + ",p=1$" + base64(salt) + "$" + base64(hash);
    }

    /// Takes as long as for a real account, and says no.
    void matchesNobody(String password) {
        matches(password, NOBODY);
    }

    boolean matches(String password, String kept) {
        var form = FORM.matcher(kept);
        if (!form.matches()) {
            throw new IllegalStateException("a stored password hash is not in its form");
        }
        var expected = Base64.getDecoder().decode(form.group(5));
        var given = argon2id(password.length() > MAX_CHARACTERS ? "" : password,
                Base64.getDecoder().decode(form.group(4)), Integer.parseInt(form.group(1)),
                Integer.parseInt(form.group(2)), Integer.parseInt(form.group(3)), expected.length);
        return MessageDigest.isEqual(expected, given);
    }

    private byte[] argon2id(String password, byte[] salt, int memoryKib, int passes, int lanes, int bytes) {
        try {
            if (!free.tryAcquire(MAX_WAIT_SECONDS, TimeUnit.SECONDS)) {
                throw new Refused(503, "too_busy", "too many people sign in at this moment; try again soon");
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new Refused(503, "too_busy", "the server is stopping");
        }
        try {
            var generator = new Argon2BytesGenerator();
            generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                    .withVersion(Argon2Parameters.ARGON2_VERSION_13).withMemoryAsKB(memoryKib).withIterations(passes)
                    .withParallelism(lanes).withSalt(salt).build());
            var hash = new byte[bytes];
            generator.generateBytes(password.getBytes(StandardCharsets.UTF_8), hash);
            return hash;
        } finally {
            free.release();
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().withoutPadding().encodeToString(bytes);
    }
}
