package cambium.server.delivery;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;

/// A key of a CloudFront key group: the id that CloudFront gave its public half, and the private half (RSA).
record CloudFrontKey(String id, PrivateKey key) {
    private static final String PKCS_1 = "RSA PRIVATE KEY";
    private static final String PKCS_8 = "PRIVATE KEY";

    /// From a PEM file as `openssl genrsa` writes it, in the older or the newer form. [IllegalArgumentException] says
    /// what is wrong, never what stands there.
    static CloudFrontKey ofPem(String id, String pem) {
        if (!id.matches("[A-Z0-9]{4,40}")) {
            throw new IllegalArgumentException("the id of a CloudFront public key is made of capital letters and "
                + "digits, such as K2JCJMDEHXQW5F");
        }
        try {
            byte[] encoded = pem.contains("BEGIN " + PKCS_1) ? wrapped(between(pem, PKCS_1)) : between(pem, PKCS_8);
            return new CloudFrontKey(id, KeyFactory.getInstance("RSA").generatePrivate(
                new PKCS8EncodedKeySpec(encoded)));
        } catch (GeneralSecurityException | IOException wrong) {
            throw new IllegalArgumentException("the private key of " + id + " is not an RSA key in PEM form", wrong);
        }
    }

    private static byte[] between(String pem, String kind) {
        String begin = "-----BEGIN " + kind + "-----";
        String end = "-----END " + kind + "-----";
        int from = pem.indexOf(begin);
        int to = pem.indexOf(end);
        if (from < 0 || to < from) {
            throw new IllegalArgumentException("no private key in PEM form, without a password, was found");
        }
        return Base64.getMimeDecoder().decode(pem.substring(from + begin.length(), to));
    }

    private static byte[] wrapped(byte[] pkcs1) throws IOException {
        return new PrivateKeyInfo(new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE),
            ASN1Primitive.fromByteArray(pkcs1)).getEncoded();
    }

    /// CloudFront verifies RSA with SHA-1, and no other, over a policy that names one address and one moment.
    byte[] sign(byte[] policy) {
        try {
            Signature signature = Signature.getInstance("SHA1withRSA");
            signature.initSign(key);
            signature.update(policy);
            return signature.sign();
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every JDK signs with RSA", missing);
        }
    }

    @Override
    public String toString() {
        return "CloudFrontKey(" + id + ")";
    }
}
