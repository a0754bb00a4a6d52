package cambium.server.pages;

import cambium.server.access.Actor;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What the pages read of the repositories. What the actor may not read is not there: not listed, not found. No answer
/// costs much more where a repository holds more: lists are read on from a place, and counts are kept.
public interface RepositoryReads {
    /// In order of owner and name; those whose full name contains `text`, in any case. `page` counts from 1.
    RepositoryList repositories(Actor actor, String text, int page, int perPage);

    Optional<RepositoryLine> repository(Actor actor, String owner, String name);

    /// The suites that packages were pushed to, in order of distribution and codename.
    List<SuiteLine> suites(Actor actor, String owner, String name);

    /// The packages of one repository.
    PackageList packages(Actor actor, String owner, String name, PackageFilter filter, Place place, int most);

    /// The packages of every repository that the actor may read.
    PackageList packages(Actor actor, PackageFilter filter, Place place, int most);

    Optional<PackageFacts> packageAt(
            Actor actor, String owner, String name, String distribution, String codename, String file);

    record RepositoryList(List<RepositoryLine> repositories, boolean more) {
        public RepositoryList {
            repositories = List.copyOf(repositories);
        }
    }

    /// `waiting` packages are not in the index yet, `failed` ones could not be brought into it.
    record RepositoryLine(
            String owner,
            String name,
            boolean isPrivate,
            Instant createdAt,
            long packages,
            Optional<Instant> lastPush,
            long waiting,
            long failed) {
        String fullName() {
            return owner + "/" + name;
        }

        String path() {
            return "/" + owner + "/" + name;
        }
    }

    /// `family`: apt, rpm or anyfile. `rings`: numbers of the rings whose channel offers something of this suite.
    record SuiteLine(
            String family, String distribution, String codename, List<String> architectures, List<Integer> rings) {
        public SuiteLine {
            architectures = List.copyOf(architectures);
            rings = List.copyOf(rings);
        }

        String slug() {
            return distribution + "/" + codename;
        }
    }

    /// Which packages a list shows; an empty text asks for nothing. `suite` is a distribution, or one with its
    /// codename; `state` is `failed` or empty.
    record PackageFilter(String text, String type, String suite, String architecture, String state) {
        static final PackageFilter NONE = new PackageFilter("", "", "", "", "");

        boolean isNone() {
            return equals(NONE);
        }
    }

    /// From where a list is read on; numbers are those of [PackageLine].
    sealed interface Place {
        record Newest() implements Place {}

        record OlderThan(long number) implements Place {}

        record NewerThan(long number) implements Place {}
    }

    /// `number` grows with every push; `type` is one of packagecloud's words; `state`: pending, indexed or failed;
    /// `failure` says why it could not be indexed.
    record PackageLine(
            long number,
            String owner,
            String repository,
            String type,
            String name,
            String version,
            String architecture,
            String distribution,
            String codename,
            String file,
            String summary,
            long sizeBytes,
            Instant uploadedAt,
            String uploader,
            String state,
            Optional<String> failure) {}

    /// Newest first; whether there are others on either side.
    record PackageList(List<PackageLine> packages, boolean newer, boolean older) {
        public PackageList {
            packages = List.copyOf(packages);
        }
    }

    /// `facts`: all else that the package says of itself, as its format names it. `files`: what is stored for it, the
    /// main file first.
    record PackageFacts(
            PackageLine line,
            String description,
            List<String> licenses,
            List<Needs> needs,
            List<Field> facts,
            List<StoredFile> files) {
        public PackageFacts {
            licenses = List.copyOf(licenses);
            needs = List.copyOf(needs);
            facts = List.copyOf(facts);
            files = List.copyOf(files);
        }
    }

    /// What a package needs in one context, such as `depends`.
    record Needs(String context, List<String> items) {
        public Needs {
            items = List.copyOf(items);
        }
    }

    /// One file with its digests; `path` is where it is downloaded.
    record StoredFile(String name, long sizeBytes, String path, List<Field> digests) {
        public StoredFile {
            digests = List.copyOf(digests);
        }
    }

    /// A name with its value, as text.
    record Field(String name, String value) {}
}
