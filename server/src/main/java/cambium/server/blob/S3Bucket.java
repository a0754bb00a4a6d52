package cambium.server.blob;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Where blobs are in S3 or in what speaks like it: `s3://bucket/prefix?region=…&endpoint=…&path-style=true`.
/// Credentials never stand here; they come from where every tool of AWS looks for them (environment, files, the role of
/// the machine or of the service account). `prefix` is empty or ends with `/`; without an endpoint it is AWS.
public record S3Bucket(String name, String prefix, String region, Optional<URI> endpoint, boolean pathStyle) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
    private static final Pattern PREFIX = Pattern.compile("(/[A-Za-z0-9._-]{1,100}){0,8}/?");
    private static final Pattern REGION = Pattern.compile("[a-z0-9-]{1,40}");
    private static final Set<String> OPTIONS = Set.of("region", "endpoint", "path-style");
    private static final String STANDARD_REGION = "us-east-1";

    /// Throws [IllegalArgumentException] that says what is wrong, and never repeats a user part of the address.
    public static S3Bucket parse(String text) {
        URI uri = uri(text);
        if (uri.getRawUserInfo() != null || text.contains("@")) {
            throw new IllegalArgumentException("the address of a bucket holds no credentials; give them in "
                + "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, in ~/.aws/credentials, or as a role");
        }
        String name = Optional.ofNullable(uri.getRawAuthority()).orElse("");
        if (!"s3".equals(uri.getScheme()) || !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("a bucket is written s3://name or s3://name/prefix");
        }
        String path = Optional.ofNullable(uri.getRawPath()).orElse("");
        if (!PREFIX.matcher(path).matches() || path.contains("/.")) {
            throw new IllegalArgumentException("the prefix in a bucket is made of letters, digits, '.', '_', '-', '/'");
        }
        String prefix = path.replaceAll("^/|/$", "");
        Map<String, String> options = options(Optional.ofNullable(uri.getRawQuery()).orElse(""));
        String region = options.getOrDefault("region", STANDARD_REGION);
        if (!REGION.matcher(region).matches()) {
            throw new IllegalArgumentException("region is a name such as eu-central-1");
        }
        Optional<URI> endpoint = Optional.ofNullable(options.get("endpoint")).map(S3Bucket::endpoint);
        // Whoever gives an endpoint of their own rarely has a name in DNS for every bucket.
        boolean pathStyle = switch (options.getOrDefault("path-style", endpoint.isPresent() ? "true" : "false")) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("path-style is true or false");
        };
        return new S3Bucket(name, prefix.isEmpty() ? "" : prefix + "/", region, endpoint, pathStyle);
    }

    private static URI uri(String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException("a bucket is written s3://name or s3://name/prefix", malformed);
        }
    }

    private static Map<String, String> options(String query) {
        var options = new LinkedHashMap<String, String>();
        for (String pair : query.isEmpty() ? new String[0] : query.split("&")) {
            String[] parts = pair.split("=", 2);
            if (parts.length < 2 || !OPTIONS.contains(parts[0])) {
                throw new IllegalArgumentException("a bucket has the options region, endpoint and path-style");
            }
            options.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return options;
    }

    private static URI endpoint(String text) {
        URI uri = URI.create(text);
        boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
        if (!http || uri.getHost() == null || uri.getRawQuery() != null || !uri.getPath().replace("/", "").isEmpty()) {
            throw new IllegalArgumentException("endpoint is an address such as https://s3.example.com");
        }
        return uri;
    }

    /// Whether clients reach the bucket without TLS.
    public boolean isPlainHttp() {
        return endpoint.filter(uri -> "http".equals(uri.getScheme())).isPresent();
    }

    /// The key of the object that is this blob.
    public String key(BlobId id) {
        return prefix + id.sha256().substring(0, 2) + "/" + id.sha256();
    }

    @Override
    public String toString() {
        return "s3://" + name + "/" + prefix + " region=" + region + endpoint.map(uri -> " at " + uri).orElse("");
    }
}
