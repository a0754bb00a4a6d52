package cambium.formats.apt;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The identity part of a `Release` file; users pin on it, so it stays the same for the life of a repository.
///
/// @param origin e.g. `packages.example.org/acme/storefront`
/// @param label e.g. `storefront`
/// @param suite the same as the codename, unless the distribution distinguishes them
/// @param date when this generation was made; written in whole seconds, UTC
/// @param validUntil after which clients refuse this generation; written in whole seconds, UTC
/// @param architectures as they stand in the index paths, e.g. `amd64`, in the order to be written
public record ReleaseFields(String origin, String label, String suite, String codename, Instant date,
        Optional<Instant> validUntil, List<String> architectures, List<String> components) {
    /// Valid for ever.
    public ReleaseFields(String origin, String label, String suite, String codename, Instant date,
            List<String> architectures, List<String> components) {
        this(origin, label, suite, codename, date, Optional.empty(), architectures, components);
    }

    public ReleaseFields {
        architectures = List.copyOf(architectures);
        components = List.copyOf(components);
        if (validUntil.isPresent() && !validUntil.get().isAfter(date)) {
            throw new IllegalArgumentException("a Release file that is never valid: until " + validUntil.get());
        }
        if (architectures.isEmpty() || components.isEmpty()) {
            throw new IllegalArgumentException("a Release file names at least one architecture and one component");
        }
        var words = Stream.of(Stream.of(origin, label, suite, codename), architectures.stream(), components.stream());
        words.flatMap(some -> some).filter(word -> !word.matches("[!-~]{1,200}")).findFirst().ifPresent(word -> {
            throw new IllegalArgumentException("not a word for a Release file: " + word);
        });
    }
}
