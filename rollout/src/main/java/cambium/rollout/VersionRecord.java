package cambium.rollout;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// What is known of one product version.
///
/// @param admitted the rings whose channel offers it
/// @param failures where it failed, until it is released
/// @param approvals what people said of its rollout's way into rings
/// @param ledger what it does to data, where its makers declared it
public record VersionRecord(ProductVersion version, List<PackageRef> packages, String by, Instant registeredAt,
        Optional<Instant> graduatedAt, Optional<Blocked> blocked, SortedSet<RingNumber> admitted,
        SortedMap<CellId, Failure> failures, Optional<MigrationLedger> ledger, Approvals approvals) {

    /// @param withDowntime whether cells go back even where PDM of this version ran
    public record Blocked(String by, String why, Instant at, boolean withDowntime, Ground ground) {
        /// A person wants the version off every cell, also off those that baked it.
        boolean takesBack() {
            return ground == Ground.STOPPED && !by.equals(FleetEvent.AUTOMATION);
        }
    }

    public record Failure(RingNumber ring, AttemptId attempt, String why, boolean soft, Instant at) {}

    public VersionRecord {
        packages = List.copyOf(packages);
        admitted = Collections.unmodifiableSortedSet(admitted);
        failures = Collections.unmodifiableSortedMap(failures);
    }

    static VersionRecord registered(FleetEvent.VersionRegistered event) {
        return new VersionRecord(event.version(), event.packages(), event.by(), event.at(), Optional.empty(),
                Optional.empty(), new TreeSet<>(), new TreeMap<>(), event.ledger(), Approvals.DEFAULT);
    }

    VersionRecord graduated(Instant at) {
        return new VersionRecord(version, packages, by, registeredAt, Optional.of(at), blocked, admitted, failures,
                ledger, approvals);
    }

    VersionRecord with(Approvals next) {
        return approvals.equals(next) ? this : new VersionRecord(version, packages, by, registeredAt, graduatedAt,
                blocked, admitted, failures, ledger, next);
    }

    VersionRecord withBlocked(Blocked next) {
        return new VersionRecord(version, packages, by, registeredAt, graduatedAt, Optional.of(next), admitted,
                failures, ledger, approvals);
    }

    VersionRecord released() {
        return new VersionRecord(version, packages, by, registeredAt, graduatedAt, Optional.empty(), admitted,
                new TreeMap<>(), ledger, approvals);
    }

    VersionRecord admittedTo(RingNumber ring) {
        var next = new TreeSet<>(admitted);
        next.add(ring);
        return new VersionRecord(version, packages, by, registeredAt, graduatedAt, blocked, next, failures, ledger,
                approvals);
    }

    VersionRecord withFailure(CellId cell, Failure failure) {
        var next = new TreeMap<>(failures);
        next.put(cell, failure);
        return new VersionRecord(version, packages, by, registeredAt, graduatedAt, blocked, admitted, next, ledger,
                approvals);
    }

    VersionRecord withoutFailure(CellId cell) {
        var next = new TreeMap<>(failures);
        next.remove(cell);
        return new VersionRecord(version, packages, by, registeredAt, graduatedAt, blocked, admitted, next, ledger,
                approvals);
    }
}
