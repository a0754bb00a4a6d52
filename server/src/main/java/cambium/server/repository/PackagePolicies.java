package cambium.server.repository;

import cambium.formats.ParseResult;
import cambium.server.blob.BlobStore;
import cambium.server.repository.format.Formats;
import cambium.server.repository.format.PackageFormat;
import cambium.server.repository.format.PackagePolicy;
import cambium.server.repository.format.PackagePolicy.Signatures;
import cambium.server.repository.format.ReadPackage;
import cambium.server.repository.format.Submission;
import cambium.server.repository.key.PackageKeys;
import cambium.server.signing.PublicKeys.PublicKey;
import cambium.server.sql.Database;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jooq.Record;

/// What each repository asks of packages that are pushed, promoted or copied to it. What it holds already stays.
final class PackagePolicies {
    /// Of every refusal for a policy's sake.
    static final String CODE = "policy";

    private final Database database;
    private final PackageKeys keys;
    private final BlobStore blobs;
    private final Formats formats;

    PackagePolicies(Database database, PackageKeys keys, BlobStore blobs, Formats formats) {
        this.database = database;
        this.keys = keys;
        this.blobs = blobs;
        this.formats = formats;
    }

    PackagePolicy of(long repositoryId) {
        PackagePolicy policy = database.read(sql -> sql.fetchOptional(
            "select * from package_policy where repository_id = ?", repositoryId).map(PackagePolicies::policy)
            .orElse(PackagePolicy.TAKES_ALL));
        return policy.signatures() != Signatures.KNOWN ? policy : new PackagePolicy(policy.signatures(),
            policy.strongDigests(), policy.sources(), policy.architectures(),
            keys.all(repositoryId).stream().map(PublicKey::armored).toList());
    }

    private static PackagePolicy policy(Record row) {
        return new PackagePolicy(Signatures.valueOf(row.get("signatures", String.class).toUpperCase(Locale.ROOT)),
            row.get("strong_digests", Boolean.class), row.get("sources", Boolean.class),
            List.of(row.get("architectures", String[].class)), List.of());
    }

    void set(long repositoryId, PackagePolicy policy) {
        database.transact(sql -> sql.execute("""
            insert into package_policy (repository_id, signatures, strong_digests, sources, architectures)
            values (?, ?, ?, ?, ?::text[])
            on conflict (repository_id) do update set signatures = excluded.signatures,
                strong_digests = excluded.strong_digests, sources = excluded.sources,
                architectures = excluded.architectures""",
            repositoryId, policy.signatures().name().toLowerCase(Locale.ROOT), policy.strongDigests(),
            policy.sources(), policy.architectures().toArray(String[]::new)));
    }

    void end(long repositoryId) {
        database.transact(sql -> sql.execute("delete from package_policy where repository_id = ?", repositoryId));
    }

    /// Why a repository would not take a package that another one has; empty when it would. Its bytes are read again
    /// only where the policy is about them.
    Optional<String> objection(StoredPackage stored, long destinationId) throws IOException {
        PackagePolicy policy = of(destinationId);
        if (!policy.asksForProof()) {
            return policy.objection(stored.description());
        }
        List<Submission.Sent> files = stored.files().stream().map(file -> new Submission.Sent(file.filename(),
            new KeptBlob(blobs, file))).toList();
        PackageFormat format = formats.formats().stream().filter(one -> one.type() == stored.type()).findFirst()
            .orElseThrow(() -> new IllegalStateException("no format for " + stored.type()));
        return switch (format.read(new Submission(files.getFirst(), files.subList(1, files.size())))) {
            case ParseResult.Parsed<ReadPackage>(ReadPackage read) -> read.objection(policy);
            case ParseResult.Malformed<ReadPackage>(_, String reason, _) ->
                Optional.of("was taken once and would not be today: " + reason);
        };
    }
}
