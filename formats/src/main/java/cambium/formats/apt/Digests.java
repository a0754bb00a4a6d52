package cambium.formats.apt;

/// The digests of a whole package file, in lower-case hexadecimal. Clients verify SHA256 or SHA512; the two weak
/// ones are there only for tools that still look packages up by them.
public record Digests(String md5, String sha1, String sha256, String sha512) {
    public Digests {
        check(md5, 32);
        check(sha1, 40);
        check(sha256, 64);
        check(sha512, 128);
    }

    static void check(String digest, int characters) {
        if (digest.length() != characters || !digest.matches("[0-9a-f]+")) {
            throw new IllegalArgumentException("not " + characters + " lower-case hexadecimal digits: " + digest);
        }
    }
}
