package cambium.server.fleet.pull;

import cambium.rollout.PackageRef;
import cambium.rollout.VersionRecord;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// The packages that a cell said it has installed, each with its version as the package manager writes it.
record CellReport(Instant at, SortedMap<String, String> packages) {
    static final int MAX_PACKAGES = 2_000;
    static final int MAX_WORD_CHARACTERS = 200;

    CellReport {
        packages = Collections.unmodifiableSortedMap(new TreeMap<>(packages));
    }

    /// Reads lines `name version`; a line without a version is a package that is not installed. Throws
    /// IllegalArgumentException with what is wrong.
    static CellReport of(Instant at, String lines) {
        var packages = new TreeMap<String, String>();
        for (var line : lines.lines().map(String::strip).filter(each -> !each.isEmpty()).toList()) {
            var words = line.split("\\s+");
            if (words.length > 2 || line.length() > 2 * MAX_WORD_CHARACTERS) {
                throw new IllegalArgumentException("a line is 'name version', not '"
                        + (line.length() > 80 ? line.substring(0, 80) + "…" : line) + "'");
            }
            if (words.length == 2) {
                packages.put(words[0], words[1]);
            }
            if (packages.size() > MAX_PACKAGES) {
                throw new IllegalArgumentException("at most " + MAX_PACKAGES + " packages can be reported; report "
                        + "those of the product");
            }
        }
        return new CellReport(at, packages);
    }

    String lines() {
        var lines = new StringBuilder();
        packages.forEach((name, version) -> lines.append(name).append(' ').append(version).append('\n'));
        return lines.toString();
    }

    /// Whether every package is installed in one of the versions named; of one name, each architecture's counts.
    boolean shows(List<PackageRef> wanted) {
        return !wanted.isEmpty() && wanted.stream().allMatch(one -> wanted.stream()
                .filter(other -> other.name().equals(one.name()))
                .anyMatch(other -> other.version().equals(packages.get(one.name()))));
    }

    /// The product version that is installed: of several with the same packages the one last given to the cell, else
    /// the one registered last. Empty when it is none that the fleet knows, or not all of one.
    Optional<VersionRecord> version(Collection<VersionRecord> known, Optional<VersionRecord> given) {
        return given.filter(version -> shows(version.packages()))
                .or(() -> known.stream().filter(version -> shows(version.packages()))
                        .reduce((one, other) -> other.registeredAt().isBefore(one.registeredAt()) ? one : other));
    }
}
