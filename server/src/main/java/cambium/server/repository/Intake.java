package cambium.server.repository;

import cambium.formats.ParseResult;
import cambium.server.blob.BlobStore;
import cambium.server.http.Refused;
import cambium.server.repository.apt.DscFormat;
import cambium.server.repository.format.Formats;
import cambium.server.repository.format.PackageFormat;
import cambium.server.repository.format.PackagePolicy;
import cambium.server.repository.format.ReadPackage;
import cambium.server.repository.format.Submission;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/// What every way in shares before a package has a place: is there room, which suite is meant, which format are the
/// bytes of, and do they hold together.
final class Intake {
    /// Kept free for indexes, logs and brakes while packages come in.
    private static final long RESERVED_BYTES = 64L << 20;

    private final DistributionCatalog catalog;
    private final Formats formats;
    private final PackagePolicies policies;
    private final BlobStore blobs;

    Intake(DistributionCatalog catalog, Formats formats, PackagePolicies policies, BlobStore blobs) {
        this.catalog = catalog;
        this.formats = formats;
        this.policies = policies;
        this.blobs = blobs;
    }

    /// Where packages are to go, and what the repository takes. `suiteId`: as the client wrote it, if it did.
    record Place(StoredRepository repository, Optional<String> suiteId, PackagePolicy policy, String uploader) {}

    Place place(StoredRepository repository, Optional<String> suiteId, String uploader) {
        return new Place(repository, suiteId, policies.of(repository.id()), uploader);
    }

    sealed interface Reading {
        record Understood(IncomingPackage incoming) implements Reading {}

        /// `field` is the one of the form that is to blame; `controlField` the one within the package, if any.
        record Refusal(String field, String message, String code, Optional<String> controlField) implements Reading {
            Refusal(String field, String message, String code) {
                this(field, message, code, Optional.empty());
            }
        }
    }

    /// To be asked before a body of that size is read. What comes without a length is received as far as the disk goes.
    void refuseWhenFull(Optional<String> contentLength) throws IOException {
        long coming = contentLength.filter(text -> text.matches("[0-9]{1,18}")).map(Long::parseLong).orElse(0L);
        if (coming > blobs.usableBytes() - RESERVED_BYTES) {
            throw new Refused(507, "disk_full", "there is no room for this package; nothing was stored");
        }
    }

    /// The suite that packagecloud gives this number.
    Optional<KnownSuite> suite(Optional<String> id) {
        return number(id).flatMap(catalog::suite);
    }

    private static Optional<Integer> number(Optional<String> id) {
        return id.filter(text -> text.matches("[0-9]{1,9}")).map(Integer::parseInt);
    }

    Reading read(Place place, Submission submission) throws IOException {
        Optional<KnownSuite> suite = suite(place.suiteId());
        byte[] start = start(submission);
        if (suite.isEmpty() && !formats.recognise(start)) {
            return unknownFormat(place.suiteId());
        }
        PackageFormat format = formats.of(start, suite.map(KnownSuite::family));
        return switch (format.read(submission)) {
            case ParseResult.Malformed<ReadPackage>(String code, String reason, Optional<String> field) ->
                new Reading.Refusal(code.equals(DscFormat.SOURCE_FILES) ? "source_files" : "package_file", reason,
                    code, field);
            case ParseResult.Parsed<ReadPackage>(ReadPackage read) -> {
                if (place.suiteId().isEmpty()) {
                    yield new Reading.Refusal("distro_version_id", "can't be blank", "distro_version_id_missing");
                }
                Optional<KnownSuite> fitting = suite.filter(known -> known.family() == format.type().family());
                if (fitting.isEmpty()) {
                    yield new Reading.Refusal("distro_version_id", "is not a distribution for "
                        + format.type().word() + " packages", "unknown_distribution");
                }
                Optional<String> objection = read.objection(place.policy());
                yield objection.isPresent()
                    ? new Reading.Refusal("package_file", objection.get(), PackagePolicies.CODE)
                    : new Reading.Understood(new IncomingPackage(place.repository(), fitting.get(), read,
                        read.description(), submission, place.uploader()));
            }
        };
    }

    /// A gem or a wheel, say: packagecloud hosts them.
    private Reading.Refusal unknownFormat(Optional<String> suiteId) {
        String way = "; any file is taken with distribution 230";
        return number(suiteId).flatMap(catalog::foreignType)
            .map(type -> new Reading.Refusal("distro_version_id", "is for packages of type " + type
                + ", which are not hosted here" + way, "format_not_hosted"))
            .orElseGet(() -> suiteId.isPresent()
                ? new Reading.Refusal("distro_version_id", "is not known here", "unknown_distribution")
                : new Reading.Refusal("package_file", "is neither .deb nor .dsc nor .rpm" + way, "format_not_hosted"));
    }

    private static byte[] start(Submission submission) throws IOException {
        try (InputStream in = submission.main().blob().open()) {
            return in.readNBytes(PackageFormat.START_BYTES);
        }
    }
}
