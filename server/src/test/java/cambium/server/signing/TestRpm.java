package cambium.server.signing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPKeyPair;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPPublicKeyRing;
import org.bouncycastle.openpgp.PGPSecretKey;
import org.bouncycastle.openpgp.PGPSecretKeyRing;
import org.bouncycastle.openpgp.operator.bc.BcPGPDigestCalculatorProvider;

/// An empty rpm that rpm itself has built, and has signed with gpg.
final class TestRpm {
    private static final String SPEC = """
        Name: hello
        Version: 1
        Release: 1
        Summary: Says hello
        License: MIT
        BuildArch: noarch
        %description
        Says hello.
        %files
        """;

    private TestRpm() {}

    static Path signed(Path folder, RealClients clients, String secretKey) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        Path spec = Files.writeString(folder.resolve("hello.spec"), SPEC);
        clients.succeed("rpmbuild", "-bb", "--define", "_topdir " + folder, spec.toString());
        Path rpm = folder.resolve("RPMS/noarch/hello-1-1.noarch.rpm");
        Path key = Files.writeString(folder.resolve("secret.asc"), secretKey);
        clients.succeed("gpg", "--batch", "--import", key.toString());
        String listed = clients.succeed("gpg", "--batch", "--show-keys", "--with-colons", key.toString());
        String fingerprint = listed.lines().filter(line -> line.startsWith("fpr:")).findFirst().orElseThrow()
            .split(":")[9];
        clients.succeed("rpmsign", "--define", "_gpg_name " + fingerprint, "--define", "_gpg_digest_algo sha512",
            "--define", "__gpg /usr/bin/gpg", "--addsign", rpm.toString());
        clients.succeed("gpgconf", "--kill", "all");
        return rpm;
    }

    /// What gpg would export of a key made here.
    static String secretKey(byte[] secret, Instant created) throws Exception {
        List<PGPKeyPair> pairs = SigningKey.pairs(secret, created);
        PGPPublicKeyRing ring = PublicKeys.ring(SigningKey.publicKey(secret, created, "acme/storefront"));
        var keys = new ArrayList<PGPSecretKey>();
        for (PGPPublicKey publicKey : ring) {
            keys.add(secretKey(pairs.get(keys.size()), publicKey, keys.isEmpty()));
        }
        return Armor.of(new PGPSecretKeyRing(keys).getEncoded());
    }

    private static PGPSecretKey secretKey(PGPKeyPair pair, PGPPublicKey publicKey, boolean isPrimary)
            throws PGPException {
        var checksum = new BcPGPDigestCalculatorProvider().get(HashAlgorithmTags.SHA1);
        return new PGPSecretKey(pair.getPrivateKey(), publicKey, checksum, isPrimary, null);
    }
}
