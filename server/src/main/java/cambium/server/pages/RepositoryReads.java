package cambium.server.pages;

import cambium.server.access.Actor;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What the pages read of the repositories. What the actor may not read is not there: not listed, not found.
public interface RepositoryReads {
    /// In order of owner and name.
    List<RepositoryLine> repositories(Actor actor);

    Optional<RepositoryLine> repository(Actor actor, String owner, String name);

    /// The suites that hold packages, in order of distribution and codename.
    List<SuiteLine> suites(Actor actor, String owner, String name);

    /// Newest first; `page` counts from 1 and may lie behind the end.
    PackageList packages(Actor actor, String owner, String name, String search, int page, int perPage);

    Optional<PackageFacts> packageAt(
            Actor actor, String owner, String name, String distribution, String codename, String file);

    record RepositoryLine(
            String owner,
            String name,
            boolean isPrivate,
            Instant createdAt,
            long packages,
            Optional<Instant> lastPush) {}

    /// `rings`: numbers of the rings whose channel offers something of this suite.
    record SuiteLine(String distribution, String codename, List<String> architectures, List<Integer> rings) {
        public SuiteLine {
            architectures = List.copyOf(architectures);
            rings = List.copyOf(rings);
        }
    }

    /// `state`: pending, indexed or failed; `failure` says why it could not be indexed.
    record PackageLine(
            String name,
            String version,
            String architecture,
            String distribution,
            String codename,
            String file,
            long sizeBytes,
            Instant uploadedAt,
            String uploader,
            String state,
            Optional<String> failure) {}

    record PackageList(List<PackageLine> packages, long total, int page, int perPage) {
        public PackageList {
            packages = List.copyOf(packages);
        }
    }

    record PackageFacts(PackageLine line, List<Field> control, List<Field> digests, String downloadPath) {
        public PackageFacts {
            control = List.copyOf(control);
            digests = List.copyOf(digests);
        }
    }

    /// A field of the control paragraph, or the name and value of a digest.
    record Field(String name, String value) {}
}
