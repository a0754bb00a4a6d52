package cambium.formats.rpm;

import cambium.formats.ParseResult;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalInt;

/// Epoch, version and release of an rpm, ordered exactly as rpm orders them.
///
/// Version and release are at most 128 characters each, from letters, digits and `. _ + ~ ^ %`; neither is empty.
/// Equality is of the text; the order is rpm's, in which different texts may be equal (`1.0`, `1_0`, `1.00`), so use
/// `compareTo` to ask which of two is newer and never a sorted set to hold them. No epoch orders as epoch 0.
/// See rpm's documentation, "Dependencies", and its `rpmvercmp`.
public record Evr(OptionalInt epoch, String version, String release) implements Comparable<Evr> {
    static final int MAX_CHARACTERS = 128;

    private static final Comparator<Evr> ORDER = Comparator.<Evr>comparingInt(evr -> evr.epoch.orElse(0))
            .thenComparing(Evr::version, Evr::compareParts).thenComparing(Evr::release, Evr::compareParts);

    public Evr {
        problem("Version", version).or(() -> problem("Release", release)).ifPresent(refused -> {
            throw new IllegalArgumentException(refused.getMessage());
        });
        if (epoch.orElse(0) < 0) {
            throw new IllegalArgumentException("an epoch is not negative: " + epoch);
        }
    }

    /// Reads `[epoch:]version-release`; refusals have code `rpm_malformed` and name the part as their field.
    public static ParseResult<Evr> parse(String text) {
        int colon = text.indexOf(':');
        String digits = text.substring(0, Math.max(0, colon));
        if (colon >= 0 && !digits.matches("[0-9]{1,9}")) {
            return MalformedRpm.field("Epoch", "an epoch is a number of at most nine digits").toResult();
        }
        String rest = text.substring(colon + 1);
        int hyphen = rest.lastIndexOf('-');
        if (hyphen < 0) {
            return MalformedRpm.field("Release", "there is no release behind a hyphen").toResult();
        }
        var epoch = colon < 0 ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(digits));
        try {
            return new ParseResult.Parsed<>(of(epoch, rest.substring(0, hyphen), rest.substring(hyphen + 1)));
        } catch (MalformedRpm refused) {
            return refused.toResult();
        }
    }

    static Evr of(OptionalInt epoch, String version, String release) throws MalformedRpm {
        var problem = problem("Version", version).or(() -> problem("Release", release));
        if (problem.isPresent()) {
            throw problem.get();
        }
        return new Evr(epoch, version, release);
    }

    /// `version-release`, as file names carry it.
    public String withoutEpoch() {
        return version + "-" + release;
    }

    @Override
    public int compareTo(Evr other) {
        return ORDER.compare(this, other);
    }

    /// `[epoch:]version-release`; without an epoch when the package names none.
    @Override
    public String toString() {
        return (epoch.isPresent() ? epoch.getAsInt() + ":" : "") + withoutEpoch();
    }

    /// rpm's order of one part: -1, 0 or 1. A part is cut into runs of letters and runs of digits; all else only
    /// separates them, except that `~` comes before the end and `^` after it but before any further run.
    public static int compareParts(String left, String right) {
        int l = 0;
        int r = 0;
        while (true) {
            l = skipSeparators(left, l);
            r = skipSeparators(right, r);
            char a = at(left, l);
            char b = at(right, r);
            if (a == '~' || b == '~' || a == '^' || b == '^') {
                if (a != b) {
                    return rank(a) < rank(b) ? -1 : 1;
                }
                l++;
                r++;
                continue;
            }
            if (a == END || b == END) {
                return Integer.compare(rank(a), rank(b));
            }
            if (isDigit(a) != isDigit(b)) {
                return isDigit(a) ? 1 : -1;
            }
            int leftEnd = endOfRun(left, l);
            int rightEnd = endOfRun(right, r);
            int byRun = compareRuns(left.substring(l, leftEnd), right.substring(r, rightEnd), isDigit(a));
            if (byRun != 0) {
                return byRun;
            }
            l = leftEnd;
            r = rightEnd;
        }
    }

    private static final char END = 0;

    private static char at(String part, int index) {
        return index < part.length() ? part.charAt(index) : END;
    }

    /// What may stand where a run could: a tilde is older than the end, a caret newer, a further run newer still.
    private static int rank(char c) {
        return switch (c) {
            case '~' -> 0;
            case END -> 1;
            case '^' -> 2;
            default -> 3;
        };
    }

    /// Digits of any length, so never through a number type.
    private static int compareRuns(String left, String right, boolean numbers) {
        if (!numbers) {
            return Integer.signum(left.compareTo(right));
        }
        String l = left.replaceFirst("^0+", "");
        String r = right.replaceFirst("^0+", "");
        int byLength = Integer.compare(l.length(), r.length());
        return byLength != 0 ? byLength : Integer.signum(l.compareTo(r));
    }

    private static int skipSeparators(String part, int from) {
        int at = from;
        while (at < part.length() && !isDigit(part.charAt(at)) && !isLetter(part.charAt(at))
                && part.charAt(at) != '~' && part.charAt(at) != '^') {
            at++;
        }
        return at;
    }

    private static int endOfRun(String part, int from) {
        boolean digits = isDigit(part.charAt(from));
        int end = from;
        while (end < part.length() && (digits ? isDigit(part.charAt(end)) : isLetter(part.charAt(end)))) {
            end++;
        }
        return end;
    }

    private static Optional<MalformedRpm> problem(String field, String part) {
        boolean right = !part.isEmpty() && part.length() <= MAX_CHARACTERS
                && part.chars().allMatch(c -> isDigit((char) c) || isLetter((char) c) || "._+~^%".indexOf(c) >= 0);
        return right ? Optional.empty() : Optional.of(MalformedRpm.field(field,
                field + " is 1 to " + MAX_CHARACTERS + " letters, digits and . _ + ~ ^ %"));
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }
}
