package cambium.server.access;

import cambium.server.config.DataFolder;
import cambium.server.config.StartRefused;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// The one secret that all others hang on: 32 bytes, from `CAMBIUM_MASTER_KEY` (64 hex) or the file `master-key` of the
/// data folder, made at first start. It never leaves this class; what it protects uses keys derived for one purpose.
/// All processes on one database need the same master key.
public final class MasterKey {
    private static final String FILE = "master-key";
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final byte[] key;
    private final SecureRandom random;

    private MasterKey(byte[] key, SecureRandom random) {
        this.key = key;
        this.random = random;
    }

    /// Takes the configured key, else that of the folder, else makes one and keeps it there.
    public static MasterKey of(DataFolder folder, Optional<String> configured, SecureRandom random) {
        var text = configured.or(() -> folder.secret(FILE)).orElseGet(() -> {
            var fresh = new byte[KEY_BYTES];
            random.nextBytes(fresh);
            folder.keepSecret(FILE, HexFormat.of().formatHex(fresh));
            return HexFormat.of().formatHex(fresh);
        });
        if (!text.matches("[0-9a-f]{" + 2 * KEY_BYTES + "}")) {
            throw new StartRefused("the master key must be " + 2 * KEY_BYTES + " lower-case hexadecimal digits; what "
                    + (configured.isPresent() ? "CAMBIUM_MASTER_KEY" : folder.path().resolve(FILE)) + " holds is not");
        }
        return new MasterKey(HexFormat.of().parseHex(text), random);
    }

    SecureRandom random() {
        return random;
    }

    /// A key of 32 bytes for one purpose; HMAC-SHA256 of the purpose (RFC 5869's expand step with one block).
    public byte[] subkey(String purpose) {
        return HmacSha256.of(key, ("cambium/" + purpose).getBytes(StandardCharsets.UTF_8));
    }

    /// Encrypts and authenticates (AES-256-GCM); the same bytes give another result each time.
    public byte[] seal(String purpose, byte[] plain) {
        var nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            var sealed = cipher(Cipher.ENCRYPT_MODE, purpose, nonce).doFinal(plain);
            return ByteBuffer.allocate(NONCE_BYTES + sealed.length).put(nonce).put(sealed).array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("sealing failed", e);
        }
    }

    /// What [#seal] was given; `IllegalStateException` where it was altered, or sealed by another key or purpose.
    public byte[] open(String purpose, byte[] sealed) {
        if (sealed.length < NONCE_BYTES + TAG_BITS / Byte.SIZE) {
            throw new IllegalStateException("what is sealed for '" + purpose + "' is cut short");
        }
        try {
            return cipher(Cipher.DECRYPT_MODE, purpose, Arrays.copyOf(sealed, NONCE_BYTES))
                    .doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("what is sealed for '" + purpose
                    + "' does not open with this master key", e);
        }
    }

    @Override
    public String toString() {
        return "MasterKey(hidden)";
    }

    private Cipher cipher(int mode, String purpose, byte[] nonce) throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(subkey("seal/" + purpose), "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(purpose.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
