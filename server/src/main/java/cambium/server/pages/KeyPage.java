package cambium.server.pages;

import java.util.List;
import java.util.Optional;

/// The page `/owner/name/keys`: the keys that sign the repository, newest first, and what today's package managers say
/// of them. `rotate` is the form that brings a new one, for whoever may. Below are the keys of packages; `add` is the
/// form for one more.
public record KeyPage(
        Shell shell,
        RepositoryPages.Head head,
        String publicKey,
        RepositoryPages.Snippet fetch,
        Optional<String> rotate,
        List<SigningKey> keys,
        Optional<String> add,
        List<PackageKey> packageKeys) {
    public KeyPage {
        keys = List.copyOf(keys);
        packageKeys = List.copyOf(packageKeys);
    }

    /// One with which packages came signed; `remove` is the form that takes it away.
    public record PackageKey(String fingerprint, String href, Optional<String> remove) {}

    /// `fingerprint` in groups of four; `until` says when a leaving key ends; `end` is the form that ends it now.
    public record SigningKey(
            String fingerprint,
            Parts.Badge state,
            String origin,
            Optional<Parts.Moment> made,
            String until,
            List<Finding> findings,
            List<Finding> findingsInAYear,
            Optional<String> end) {
        public SigningKey {
            findings = List.copyOf(findings);
            findingsInAYear = List.copyOf(findingsInAYear);
        }
    }

    public record Finding(String tone, String message) {}
}
