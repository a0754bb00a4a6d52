package cambium.rollout;

import java.util.Optional;
import java.util.regex.Pattern;

/// One change of a cell's data that a version brings, as its makers declare it.
///
/// @param id unique within the version, at most 128 characters
/// @param reversible whether a cell that is down can be taken back over it
/// @param oldestCompatible the oldest version that works with the changed data; absent: every older one with a
///     migration of the deployment, none with one that runs after it
public record DeclaredMigration(String id, Kind kind, boolean reversible, Optional<ProductVersion> oldestCompatible) {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,127}");

    /// When it runs: with the version's deployment, or in its PDM.
    public enum Kind {
        DEPLOYMENT, POST_DEPLOYMENT;

        /// The word of files and answers.
        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }

        public static Kind of(String word) {
            for (Kind kind : values()) {
                if (kind.word().equals(word)) {
                    return kind;
                }
            }
            throw new IllegalArgumentException("'" + word + "' is not a kind of migration: deployment or"
                    + " post-deployment");
        }
    }

    public DeclaredMigration {
        Grammar.match(ID, "migration id", id);
    }
}
