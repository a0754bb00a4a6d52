package cambium.server.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.server.blob.BlobId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// CloudFront itself cannot stand on a test machine. What it checks is public: the canned policy, spelled out again
/// here from Amazon's text, and its signature, verified by OpenSSL with the public key.
final class CloudFrontDeliveryTest {
    private static final Parcel PARCEL = new Parcel(new BlobId("ab".repeat(32)), "g++_1.0~rc1_amd64.deb", false);
    private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000L);

    @TempDir
    Path temp;

    @BeforeEach
    void makeKeys() throws Exception {
        run("openssl", "genrsa", "-out", "new.pem", "2048");
        run("openssl", "rsa", "-in", "new.pem", "-traditional", "-out", "old-form.pem");
        run("openssl", "rsa", "-in", "new.pem", "-pubout", "-out", "public.pem");
    }

    private int run(String... command) throws IOException, InterruptedException {
        var process = new ProcessBuilder(command).directory(temp.toFile()).redirectErrorStream(true)
            .redirectOutput(temp.resolve("out").toFile()).start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        return process.exitValue();
    }

    private Delivery delivery(String pem) throws IOException {
        return new CloudFrontDelivery("https://d111111abcdef8.cloudfront.net", id -> "prod/ab/" + id,
            CloudFrontKey.ofPem("K2JCJMDEHXQW5F", Files.readString(temp.resolve(pem))));
    }

    private static String part(String address, String name) {
        return Arrays.stream(address.substring(address.indexOf('?') + 1).split("&"))
            .filter(pair -> pair.startsWith(name + "=")).findFirst().orElseThrow().substring(name.length() + 1);
    }

    private boolean opensslAccepts(String resource, String expires, String signature) throws Exception {
        String policy = "{\"Statement\":[{\"Resource\":\"" + resource + "\",\"Condition\":{\"DateLessThan\":"
            + "{\"AWS:EpochTime\":" + expires + "}}}]}";
        Files.writeString(temp.resolve("policy"), policy);
        Files.write(temp.resolve("signature"), Base64.getDecoder()
            .decode(signature.replace('-', '+').replace('_', '=').replace('~', '/')));
        return run("openssl", "dgst", "-sha1", "-verify", "public.pem", "-signature", "signature", "policy") == 0;
    }

    @Test
    void signsWhatOpenSslVerifies() throws Exception {
        for (String pem : List.of("new.pem", "old-form.pem")) {
            String address = delivery(pem).address(PARCEL, NOW);
            String resource = address.substring(0, address.indexOf("&Expires="));
            assertEquals("https://d111111abcdef8.cloudfront.net/prod/ab/" + PARCEL.blob()
                + "?response-content-disposition=attachment%3B%20filename%3D%22g%2B%2B_1.0~rc1_amd64.deb%22"
                + "&response-content-type=application%2Fvnd.debian.binary-package", resource);
            assertEquals(Long.toString(NOW.plus(Delivery.VALIDITY).getEpochSecond()), part(address, "Expires"));
            assertEquals("K2JCJMDEHXQW5F", part(address, "Key-Pair-Id"));
            String signature = part(address, "Signature");
            assertTrue(opensslAccepts(resource, part(address, "Expires"), signature));
            assertTrue(!opensslAccepts(resource, "1900000000", signature), "a later end is another policy");
            assertTrue(!opensslAccepts(resource.replace("/ab/", "/cd/"), part(address, "Expires"), signature));
        }
    }

    @Test
    void refusesWhatIsNoKey() {
        for (String text : List.of("", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
            "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----")) {
            assertThrows(IllegalArgumentException.class, () -> CloudFrontKey.ofPem("K2JCJMDEHXQW5F", text));
        }
        assertThrows(IllegalArgumentException.class, () -> CloudFrontKey.ofPem("lower", ""));
    }

    @Test
    void readsKeysBesideTheirFile() throws IOException {
        Path keys = Files.writeString(temp.resolve("keys"), "# newest first\nKNEW new.pem\nKOLD old-form.pem\n");
        assertEquals(List.of("KNEW", "KOLD"),
            new DeliveryKeyFile(keys).cloudFrontKeys().stream().map(CloudFrontKey::id).toList());
    }
}
