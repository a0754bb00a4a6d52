package cambium.server.pages;

import cambium.rollout.ApprovalStatus;
import cambium.rollout.DeclaredMigration;
import cambium.rollout.FleetStatus.CellStatus;
import cambium.rollout.FleetStatus.RingStatus;
import cambium.rollout.FleetStatus.VersionStatus;
import cambium.rollout.PackageRef;
import cambium.rollout.ProductVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The page of one product version: its packages, how far it is in each ring, the evidence of every verdict,
/// its history, and what may be done with it.
public record VersionPage(
        Shell shell,
        Parts.Moment at,
        Parts.VersionRow version,
        List<PackageRow> packages,
        Optional<List<MigrationRow>> migrations,
        List<RingRow> rings,
        List<EvidenceCard> evidence,
        List<HistoryLine> history,
        Optional<PausedCard> pause,
        List<BrakeRow> brakes,
        List<ApprovalRow> approvals,
        List<Parts.Act> acts) {
    private static final int MOST_EVIDENCE = 40;
    private static final int MOST_LINES = 200;

    /// @param undo what going back over it costs
    public record MigrationRow(String id, String runs, String undo) {
        static MigrationRow of(DeclaredMigration one) {
            var kind = switch (one.kind()) {
                case DEPLOYMENT -> "with the deployment";
                case POST_DEPLOYMENT -> "in PDM";
            };
            var works = one.oldestCompatible().map(oldest -> oldest + " and newer work with it").orElse(
                    one.kind() == DeclaredMigration.Kind.DEPLOYMENT ? "older versions work with it"
                            : "no older version works with it");
            return new MigrationRow(one.id(), kind, works + (one.reversible() ? "" : "; it cannot be undone"));
        }
    }

    public record PackageRow(String name, String version, String architecture, String sha256, String path) {}

    /// How many cells of a ring run the version, in share (0 to 100) and in words.
    public record RingRow(
            int ring, boolean perimeterBefore, Parts.Badge state, boolean aimedAt, int share, String progress) {}

    static VersionPage of(VersionStatus version, FleetNow fleet, List<ApprovalStatus> approvals, History history,
            Shell shell) {
        Palette palette = Palette.of(fleet);
        ProductVersion name = ProductVersion.of(version.version());
        return new VersionPage(
                shell,
                Parts.Moment.of(fleet.at(), fleet.at()),
                Parts.VersionRow.of(version, fleet, palette),
                version.packages().stream().map(VersionPage::row).toList(),
                version.ledger().map(ledger -> ledger.migrations().stream().map(MigrationRow::of).toList()),
                rings(version.version(), fleet),
                history.verdicts(reached -> reached.version().equals(name), MOST_EVIDENCE).stream()
                        .map(reached -> EvidenceCard.of(reached, fleet.at()))
                        .toList(),
                history.ofVersion(name, MOST_LINES),
                PausedCard.of(version.version(), fleet, shell.offers()),
                BrakeRow.all(fleet.brakesOn("version " + version.version()), fleet, shell.offers()),
                ApprovalRow.of(approvals, name, fleet.at(), shell.offers()),
                acts(version, fleet, shell.offers()));
    }

    private static PackageRow row(PackageRef found) {
        return new PackageRow(found.name(), found.version(), found.architecture(), found.sha256(), found.path());
    }

    private static List<RingRow> rings(String version, FleetNow fleet) {
        Optional<String> sought = Optional.of(version);
        var rows = new ArrayList<RingRow>();
        boolean insideSoFar = false;
        for (RingStatus ring : fleet.rings()) {
            List<CellStatus> cells = fleet.cellsOf(ring.ring());
            int on = (int) cells.stream().filter(cell -> cell.version().equals(sought)).count();
            rows.add(new RingRow(
                    ring.ring(),
                    insideSoFar && !ring.insidePerimeter(),
                    Parts.Badge.of(ring.state()),
                    ring.target().equals(sought),
                    cells.isEmpty() ? 0 : 100 * on / cells.size(),
                    on + " of " + Words.count(cells.size(), "cell")));
            insideSoFar = ring.insidePerimeter();
        }
        return rows;
    }

    private static List<Parts.Act> acts(VersionStatus version, FleetNow fleet, Offers offers) {
        var acts = new ArrayList<Parts.Act>();
        String name = version.version();
        if (version.state().equals("blocked")) {
            offers.button(Act.RELEASE, "Release the block", "version", name).ifPresent(acts::add);
            return acts;
        }
        if (!version.graduated()) {
            offers.button(Act.GRADUATE, "Graduate", "version", name).ifPresent(acts::add);
        }
        offers.button(Act.PDM, "Run PDM", "version", name).ifPresent(acts::add);
        if (fleet.brakesOn("version " + name).isEmpty()) {
            offers.button(Act.BRAKE, "Brake", "scope", "version " + name).ifPresent(acts::add);
        }
        offers.button(Act.VETO, "Veto", "version", name).ifPresent(acts::add);
        offers.button(Act.ROLLBACK, "Block and roll back", "version", name).map(Parts.Act::asDanger)
                .ifPresent(acts::add);
        return acts;
    }
}
