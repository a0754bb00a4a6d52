package cambium.server.repository.format;

import cambium.formats.PackageDescription;
import cambium.formats.PackageType;
import java.util.List;
import java.util.Optional;

/// What a repository asks of a package before it takes it in, beyond being well-formed. `architectures`: those that are
/// taken, all where none is named; packages for every architecture and source packages are not meant. `packagerKeys`:
/// armoured, where signatures are to be known.
public record PackagePolicy(Signatures signatures, boolean strongDigests, boolean sources, List<String> architectures,
    List<String> packagerKeys) {
    /// What packagecloud does.
    public static final PackagePolicy TAKES_ALL = new PackagePolicy(Signatures.ANY, false, true, List.of(), List.of());

    /// What is asked of the signatures inside of packages, where their format has such.
    public enum Signatures {
        /// None, and weak ones, will do.
        ANY,
        /// One at least, and none of a kind that clients of today refuse; whose it is is not asked.
        STRONG,
        /// Strong ones, of which one is made by a key that the owner has uploaded.
        KNOWN
    }

    public PackagePolicy {
        architectures = List.copyOf(architectures);
        packagerKeys = List.copyOf(packagerKeys);
    }

    /// Whether the bytes of a package have to be looked at, not only its description.
    public boolean asksForProof() {
        return signatures != Signatures.ANY || strongDigests;
    }

    /// Why a package of this description is not taken, as a sentence that lacks its subject.
    public Optional<String> objection(PackageDescription said) {
        boolean isSource = said.type() == PackageType.DSC || said.architecture().equals("src");
        if (isSource) {
            return sources ? Optional.empty() : Optional.of("is a source package, and this repository takes none");
        }
        boolean isForAll = said.architecture().isEmpty() || said.architecture().equals("all")
            || said.architecture().equals("noarch");
        return isForAll || architectures.isEmpty() || architectures.contains(said.architecture()) ? Optional.empty()
            : Optional.of("is for " + said.architecture() + ", and this repository takes packages for "
                + String.join(", ", architectures) + " only");
    }
}
