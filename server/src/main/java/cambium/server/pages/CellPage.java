package cambium.server.pages;

import cambium.rollout.Cell;
import cambium.rollout.Fleet;
import cambium.rollout.FleetStatus.CellStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The page of one cell: what it runs, whether it can go back, its health, its attempts, its history.
public record CellPage(
        Shell shell,
        Parts.Moment at,
        Parts.CellChip cell,
        int ring,
        Optional<Parts.Wait> waiting,
        Optional<String> behind,
        List<Fact> facts,
        GoBack goBack,
        Optional<EvidenceCard> health,
        List<AttemptLine> attempts,
        List<HistoryLine> history,
        List<BrakeRow> brakes,
        List<StrayLine> strays,
        List<Parts.Act> acts) {
    private static final int ATTEMPTS_AT_ONCE = 4;

    public List<AttemptLine> newest() {
        return attempts.subList(0, Math.min(ATTEMPTS_AT_ONCE, attempts.size()));
    }

    public List<AttemptLine> earlier() {
        return attempts.subList(newest().size(), attempts.size());
    }

    /// Whether the newest verdict is about a version that the cell does not run now.
    public boolean judgedAnother() {
        return health.isPresent() && !health.get().version().equals(cell.version().map(Parts.VersionChip::version)
                .orElse(""));
    }

    private static final int MOST_ATTEMPTS = 50;
    private static final int MOST_LINES = 100;

    /// One line of the cell's particulars; `chip` where the value is a version.
    public record Fact(String name, String value, Optional<Parts.VersionChip> chip) {}

    static CellPage of(CellStatus status, Cell cell, Fleet state, FleetNow fleet, History history,
            List<StrayLine> strays, Shell shell) {
        Palette palette = Palette.of(fleet);
        return new CellPage(
                shell,
                Parts.Moment.of(fleet.at(), fleet.at()),
                Parts.CellChip.of(status, fleet, palette),
                status.ring(),
                Parts.Wait.of(status.waiting(), fleet.at()),
                CellWords.behind(status.drift().behind(), fleet),
                facts(status, cell, fleet, palette),
                GoBack.of(cell, state),
                history.verdicts(reached -> reached.cell().equals(cell.id()), 1).stream()
                        .findFirst()
                        .map(reached -> EvidenceCard.of(reached, fleet.at())),
                history.attempts(attempt -> attempt.cell().equals(cell.id()), MOST_ATTEMPTS),
                history.ofCell(cell.id(), MOST_LINES),
                BrakeRow.all(fleet.brakesOn("cell " + status.cell()), fleet, shell.offers()),
                strays, acts(status, cell, fleet, shell.offers()));
    }

    private static List<Fact> facts(CellStatus status, Cell cell, FleetNow fleet, Palette palette) {
        var facts = new ArrayList<Fact>();
        facts.add(version("Runs", status.version(), "nothing known", palette));
        facts.add(version("Expected", status.drift().expected(), "nothing: its ring takes nothing yet", palette));
        status.drift().expectedSince().filter(_ -> !status.drift().expected().equals(status.version()))
                .ifPresent(since -> facts.add(text("Expected since",
                        Words.moment(since) + ", " + Words.ago(since, fleet.at()))));
        facts.add(version("Last known good", status.lastKnownGood(), "none yet", palette));
        facts.add(version("Good before that", cell.previousGood().map(proof -> proof.version().toString()), "none",
                palette));
        facts.add(version("PDM began for", status.pdmVersion(), "no version", palette));
        cell.pdm().ifPresent(pdm ->
                facts.add(text("PDM", pdm.outcome().name().toLowerCase(Locale.ROOT))));
        cell.hold().ifPresent(hold ->
                facts.add(text("Held off", hold.version() + ", by " + hold.by() + ": " + hold.why())));
        cell.sight().ifPresent(sight -> facts.add(text(
                sight.reachable() ? "Reachable since" : "Unreachable since", Words.moment(sight.since()))));
        facts.add(text("Driver", cell.spec().driver()));
        cell.spec().health().ifPresent(address -> facts.add(text("Health", address)));
        cell.spec().metrics().ifPresent(address -> facts.add(text("Metrics", address)));
        return facts;
    }

    private static Fact version(String name, Optional<String> version, String none, Palette palette) {
        return new Fact(name, version.orElse(none), version.map(known -> Parts.VersionChip.of(known, palette)));
    }

    private static Fact text(String name, String value) {
        return new Fact(name, value, Optional.empty());
    }

    private static List<Parts.Act> acts(CellStatus status, Cell cell, FleetNow fleet, Offers offers) {
        var acts = new ArrayList<Parts.Act>();
        if (fleet.brakesOn("cell " + status.cell()).isEmpty()) {
            offers.button(Act.BRAKE, "Brake", "scope", "cell " + status.cell()).ifPresent(acts::add);
        }
        retried(status, cell, fleet).flatMap(version -> offers.button(Act.RETRY, "Try " + version + " again", "cell",
                status.cell(), "version", version)).ifPresent(acts::add);
        offers.button(Act.ROLLBACK, "Roll back", "cell", status.cell()).map(Parts.Act::asDanger).ifPresent(acts::add);
        return acts;
    }

    /// The version that another try would be of: what the cell was taken back from, or what failed on it.
    private static Optional<String> retried(CellStatus status, Cell cell, FleetNow fleet) {
        if (cell.hold().isPresent()) {
            return cell.hold().map(hold -> hold.version().toString());
        }
        boolean stuck = switch (status.state()) {
            case "failed", "unreachable", "unknown" -> true;
            default -> false;
        };
        return !stuck ? Optional.empty()
                : fleet.rings().stream()
                        .filter(ring -> ring.ring() == status.ring())
                        .flatMap(ring -> ring.target().stream())
                        .findFirst();
    }
}
