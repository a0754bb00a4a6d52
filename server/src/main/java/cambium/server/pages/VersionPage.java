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
import java.util.stream.Collectors;

/// The page of one product version: its packages, how far it is in each ring, the evidence of every verdict,
/// its history, and what may be done with it.
public record VersionPage(
        Shell shell,
        Parts.Moment at,
        Parts.VersionRow version,
        List<PackageRow> packages,
        Optional<List<MigrationRow>> migrations,
        List<Stretch> rings,
        VerdictsCard verdicts,
        List<HistoryLine> history,
        Optional<PausedCard> pause,
        List<BrakeRow> brakes,
        List<ApprovalRow> approvals,
        List<Parts.Act> acts) {
    private static final int MOST_LINES = 200;
    private static final int MANY_RINGS = 5;

    /// @param undo what going back over it costs
    public record MigrationRow(String id, String runs, String undo, boolean lasting) {
        static MigrationRow of(DeclaredMigration one) {
            var kind = switch (one.kind()) {
                case DEPLOYMENT -> "with the deployment";
                case POST_DEPLOYMENT -> "in PDM";
            };
            var works = one.oldestCompatible().map(oldest -> oldest + " and newer work with it").orElse(
                    one.kind() == DeclaredMigration.Kind.DEPLOYMENT ? "older versions work with it"
                            : "no older version works with it");
            return new MigrationRow(one.id(), kind, works + (one.reversible() ? "" : "; it cannot be undone"),
                    !one.reversible());
        }
    }

    public record PackageRow(String name, String version, String architecture, String sha256, String path) {
        static PackageRow of(PackageRef found) {
            return new PackageRow(found.name(), found.version(), found.architecture(), found.sha256(), found.path());
        }
    }

    /// How many cells of a ring run the version, in share (0 to 100) and in words.
    public record RingRow(
            int ring, boolean perimeterBefore, Parts.Badge state, boolean aimedAt, int share, String progress) {
        /// Nothing to see: the version has not come here, or it is here and all is well.
        boolean isQuiet() {
            return aimedAt ? share == 100 && state.tone().equals("good") : share == 0;
        }
    }

    /// Neighbouring rings that are shown, or, where there are many of them, quiet ones that are folded away.
    public record Stretch(List<RingRow> rings, boolean folded) {
        public String said() {
            var first = rings.getFirst();
            return "Rings " + first.ring() + " to " + rings.getLast().ring()
                    + (first.aimedAt() ? ": they have it" : ": not their target");
        }

        private boolean takes(RingRow ring) {
            var last = rings.getLast();
            return last.isQuiet() && ring.isQuiet() && last.aimedAt() == ring.aimedAt();
        }

        static List<Stretch> all(List<RingRow> rings) {
            var runs = new ArrayList<List<RingRow>>();
            for (RingRow ring : rings) {
                if (runs.isEmpty() || !new Stretch(runs.getLast(), false).takes(ring)) {
                    runs.add(new ArrayList<>());
                }
                runs.getLast().add(ring);
            }
            return runs.stream().map(run -> new Stretch(List.copyOf(run), run.size() >= MANY_RINGS)).toList();
        }
    }

    /// What the version is made of, in a line.
    public String packed() {
        return Words.count(packages.size(), "package") + ": " + packages.stream().limit(3)
                .map(found -> found.name() + " " + found.version()).collect(Collectors.joining(", "))
                + (packages.size() > 3 ? " …" : "");
    }

    public String migrating() {
        List<MigrationRow> rows = migrations.orElse(List.of());
        long lasting = rows.stream().filter(MigrationRow::lasting).count();
        return Words.count(rows.size(), "migration") + (lasting == 0 ? "" : ", " + lasting + " cannot be undone");
    }

    static VersionPage of(VersionStatus version, FleetNow fleet, List<ApprovalStatus> approvals, History history,
            Shell shell) {
        Palette palette = Palette.of(fleet);
        ProductVersion name = ProductVersion.of(version.version());
        return new VersionPage(
                shell,
                Parts.Moment.of(fleet.at(), fleet.at()),
                Parts.VersionRow.of(version, fleet, palette),
                version.packages().stream().map(PackageRow::of).toList(),
                version.ledger().map(ledger -> ledger.migrations().stream().map(MigrationRow::of).toList()),
                Stretch.all(rings(version.version(), fleet)),
                VerdictsCard.of(history.verdicts(reached -> reached.version().equals(name), VerdictsCard.MOST),
                        fleet.at()),
                history.ofVersion(name, MOST_LINES),
                PausedCard.of(version.version(), fleet, shell.offers()),
                BrakeRow.all(fleet.brakesOn("version " + version.version()), fleet, shell.offers()),
                ApprovalRow.of(approvals, name, fleet.at(), shell.offers()),
                acts(version, fleet, shell.offers()));
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
