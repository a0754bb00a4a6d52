package cambium.server.repository;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// A path as Maven's clients lay files out: `group/…/name/version/file`, without a slash at the start. At most 512
/// letters, digits and `._-+~$`; no segment is a lone or doubled dot.
record MavenPath(String text) {
    private static final int MAX_CHARS = 512;
    private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9_~$+-][A-Za-z0-9._~$+-]*");
    private static final Pattern DIGEST = Pattern.compile("(.*)\\.(md5|sha1|sha256|sha512)");
    private static final String METADATA = "maven-metadata.xml";
    private static final String SNAPSHOT = "-SNAPSHOT";
    private static final int SEGMENTS_IN_VERSION = 4;

    /// Empty when it is no such path.
    static Optional<MavenPath> parse(String text) {
        String plain = text.replaceAll("^/+", "");
        boolean isGood = plain.length() <= MAX_CHARS && plain.contains("/")
            && List.of(plain.split("/", -1)).stream().allMatch(segment -> SEGMENT.matcher(segment).matches());
        return isGood ? Optional.of(new MavenPath(plain)) : Optional.empty();
    }

    String filename() {
        return text.substring(text.lastIndexOf('/') + 1);
    }

    /// The paths of all names, in the same folder, that the file may be of: `thing-1.0.jar` is of `thing`, and
    /// `big-thing-1.0.jar` of `big` or `big-thing`.
    List<String> namesBeside() {
        String file = filename();
        return IntStream.range(1, file.length()).filter(at -> file.charAt(at) == '-')
            .mapToObj(at -> folder() + "/" + file.substring(0, at)).toList();
    }

    private String folder() {
        return text.substring(0, text.lastIndexOf('/'));
    }

    /// The path without the name of the digest, where it is that of a digest: `sha1` of `…/thing-1.0.jar`.
    Optional<DigestOf> digest() {
        var match = DIGEST.matcher(text);
        return match.matches() ? Optional.of(new DigestOf(new MavenPath(match.group(1)), match.group(2)))
            : Optional.empty();
    }

    /// `algorithm` is its ending: `md5`, `sha1`, `sha256` or `sha512`.
    record DigestOf(MavenPath path, String algorithm) {}

    private boolean isMetadata() {
        return filename().equals(METADATA);
    }

    private boolean isOfSnapshot() {
        return folder().endsWith(SNAPSHOT);
    }

    /// Metadata that lists the versions of a name. It is made of what is stored, so that two who deploy at once never
    /// undo each other's entries.
    Optional<String> listedBy() {
        return isMetadata() && !isOfSnapshot() ? Optional.of(folder()) : Optional.empty();
    }

    /// What may be written again: the metadata of one snapshot, and its digests. All else stays as it came.
    boolean isReplaceable() {
        return isOfSnapshot() && digest().map(DigestOf::path).orElse(this).isMetadata();
    }

    /// Where it stands, if in the folder of a version.
    Optional<Place> place() {
        String[] segments = text.split("/");
        if (segments.length < SEGMENTS_IN_VERSION) {
            return Optional.empty();
        }
        String folder = folder();
        return Optional.of(new Place(folder.substring(0, folder.lastIndexOf('/')), segments[segments.length - 2]));
    }

    /// `ofName` is the path of all versions, such as `org/example/thing`.
    record Place(String ofName, String version) {}
}
