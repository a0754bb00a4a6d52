package cambium.formats.deb;

import cambium.formats.ParseResult;
import java.util.Optional;
import java.util.OptionalInt;

/// A Debian package's version, `[epoch:]upstream[-revision]`, ordered exactly as dpkg orders it.
///
/// At most 128 characters. Equality is of the text; the order is dpkg's, in which different texts may be equal
/// (`1.0`, `0:1.0`, `1.00` and `1.0-0`), so use `compareTo` to ask which of two is newer and never a sorted set to
/// hold them. See deb-version(7). Stricter than dpkg in one thing: a colon may only end the epoch.
public record DebVersion(String text) implements Comparable<DebVersion> {
    static final int MAX_CHARACTERS = 128;

    public DebVersion {
        problem(text).ifPresent(reason -> {
            throw new IllegalArgumentException(reason);
        });
    }

    /// The version, or a refusal with code `deb_malformed` and field `Version`.
    public static ParseResult<DebVersion> parse(String text) {
        return problem(text)
                .<ParseResult<DebVersion>>map(reason -> MalformedDeb.field("Version", reason).toResult())
                .orElseGet(() -> new ParseResult.Parsed<>(new DebVersion(text)));
    }

    /// 0 when the text names none.
    public int epoch() {
        int colon = text.indexOf(':');
        return colon < 0 ? 0 : Integer.parseInt(text.substring(0, colon));
    }

    /// Empty when the text names none.
    public OptionalInt statedEpoch() {
        return text.indexOf(':') < 0 ? OptionalInt.empty() : OptionalInt.of(epoch());
    }

    /// The part between epoch and revision.
    public String upstream() {
        String rest = withoutEpoch();
        int hyphen = rest.lastIndexOf('-');
        return hyphen < 0 ? rest : rest.substring(0, hyphen);
    }

    /// What follows the last hyphen; empty for a native package.
    public Optional<String> revision() {
        String rest = withoutEpoch();
        int hyphen = rest.lastIndexOf('-');
        return hyphen < 0 ? Optional.empty() : Optional.of(rest.substring(hyphen + 1));
    }

    /// The text without its epoch, as file names carry it.
    public String withoutEpoch() {
        return text.substring(text.indexOf(':') + 1);
    }

    @Override
    public int compareTo(DebVersion other) {
        int byEpoch = Integer.compare(epoch(), other.epoch());
        if (byEpoch != 0) {
            return byEpoch;
        }
        int byUpstream = compareParts(upstream(), other.upstream());
        return byUpstream != 0 ? byUpstream : compareParts(revision().orElse(""), other.revision().orElse(""));
    }

    @Override
    public String toString() {
        return text;
    }

    /// Alternates between runs of non-digits, compared letter by letter, and runs of digits, compared as numbers.
    private static int compareParts(String left, String right) {
        int l = 0;
        int r = 0;
        while (l < left.length() || r < right.length()) {
            while (isNonDigit(left, l) || isNonDigit(right, r)) {
                int byWeight = Integer.compare(weight(left, l), weight(right, r));
                if (byWeight != 0) {
                    return byWeight;
                }
                l++;
                r++;
            }
            int leftEnd = endOfDigits(left, l);
            int rightEnd = endOfDigits(right, r);
            int byNumber = compareNumbers(left.substring(l, leftEnd), right.substring(r, rightEnd));
            if (byNumber != 0) {
                return byNumber;
            }
            l = leftEnd;
            r = rightEnd;
        }
        return 0;
    }

    /// Digits of any length, so never through a number type.
    private static int compareNumbers(String left, String right) {
        String l = left.replaceFirst("^0+", "");
        String r = right.replaceFirst("^0+", "");
        int byLength = Integer.compare(l.length(), r.length());
        return byLength != 0 ? byLength : Integer.signum(l.compareTo(r));
    }

    /// Tilde sorts before the end, the end (and a digit) before letters, letters before everything else.
    private static int weight(String part, int at) {
        if (at >= part.length() || isDigit(part.charAt(at))) {
            return 0;
        }
        char c = part.charAt(at);
        if (c == '~') {
            return -1;
        }
        return isLetter(c) ? c : c + 256;
    }

    private static boolean isNonDigit(String part, int at) {
        return at < part.length() && !isDigit(part.charAt(at));
    }

    private static int endOfDigits(String part, int from) {
        int end = from;
        while (end < part.length() && isDigit(part.charAt(end))) {
            end++;
        }
        return end;
    }

    private static Optional<String> problem(String text) {
        if (text.length() > MAX_CHARACTERS) {
            return Optional.of("Version is longer than " + MAX_CHARACTERS + " characters");
        }
        int colon = text.indexOf(':');
        if (colon >= 0 && !isEpoch(text.substring(0, colon))) {
            return Optional.of("the epoch of a Version is a number up to 2147483647 before the colon");
        }
        String rest = text.substring(colon + 1);
        int hyphen = rest.lastIndexOf('-');
        String upstream = hyphen < 0 ? rest : rest.substring(0, hyphen);
        if (upstream.isEmpty() || !isDigit(upstream.charAt(0)) || !consistsOf(upstream, ".+~-")) {
            return Optional.of("a Version starts with a digit and holds only letters, digits and . + ~ -");
        }
        String revision = rest.substring(hyphen + 1);
        if (revision.isEmpty() || !consistsOf(revision, ".+~")) {
            return Optional.of("the revision after the last hyphen of a Version holds letters, digits and . + ~");
        }
        return Optional.empty();
    }

    private static boolean isEpoch(String digits) {
        return !digits.isEmpty() && digits.length() <= 10 && digits.chars().allMatch(c -> isDigit((char) c))
                && Long.parseLong(digits) <= Integer.MAX_VALUE;
    }

    private static boolean consistsOf(String part, String punctuation) {
        return part.chars().allMatch(c -> isDigit((char) c) || isLetter((char) c) || punctuation.indexOf(c) >= 0);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }
}
