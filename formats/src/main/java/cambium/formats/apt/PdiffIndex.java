package cambium.formats.apt;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;

/// The file `Packages.diff/Index`: from which states of an index the current one can be reached, and by which patches.
/// A client whose copy is one of those fetches that patch and all after it; another one fetches the whole index.
/// See Debian RepositoryFormat, "indices acquisition via diffs (PDiffs)".
public final class PdiffIndex {
    private PdiffIndex() {}

    /// A file by its digest, in lower-case hexadecimal, and its size in bytes.
    public record Sized(String sha256, long sizeBytes) {
        public Sized {
            Digests.check(sha256, 64);
        }
    }

    /// One step.
    ///
    /// @param name never used for another patch of this index
    /// @param from the raw index before this patch
    /// @param patch the ed script
    /// @param download the ed script compressed by gzip, at `<name>.gz`
    public record Step(String name, Sized from, Sized patch, Sized download) {
        public Step {
            if (!name.matches("[A-Za-z0-9][A-Za-z0-9.-]{0,60}")) {
                throw new IllegalArgumentException("not a name for a patch: " + name);
            }
        }
    }

    /// @param current the raw index after all patches
    /// @param steps at least one, oldest first, each leading to where the next one starts
    public static byte[] write(Sized current, List<Step> steps) {
        if (steps.isEmpty()) {
            throw new IllegalArgumentException("an index of no patches");
        }
        String text = "SHA256-Current: " + current.sha256() + " " + current.sizeBytes() + "\n"
                + list("SHA256-History", steps, Step::from, "") + list("SHA256-Patches", steps, Step::patch, "")
                + list("SHA256-Download", steps, Step::download, ".gz");
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String list(String field, List<Step> steps, Function<Step, Sized> file, String suffix) {
        var text = new StringBuilder(field).append(":\n");
        for (Step step : steps) {
            Sized sized = file.apply(step);
            text.append(' ').append(sized.sha256()).append(' ').append(sized.sizeBytes()).append(' ')
                    .append(step.name()).append(suffix).append('\n');
        }
        return text.toString();
    }
}
