package cambium.server.pages;

import cambium.rollout.Advice;
import cambium.rollout.FleetStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The page `/`: the drawing of the rings, its legend, a card per ring, the brakes in force, the newest versions.
public record FleetPage(
        Shell shell,
        String fleet,
        String headline,
        Optional<FleetReads.Followed> followed,
        Parts.Moment at,
        RingDrawing drawing,
        List<Parts.VersionChip> legend,
        List<RingCard> rings,
        Optional<PausedCard> pause,
        List<BrakeRow> brakes,
        List<PinRow> pins,
        Optional<Parts.Act> brake,
        List<Parts.VersionRow> versions,
        List<String> advice) {

    static final int NEWEST_VERSIONS = 6;
    private static final int ALL_CELLS_OF_A_RING = 24;
    private static final int ALL_CELLS_OF_A_FLEET = 120;
    private static final int SOME_CELLS = 8;
    private static final int FOLDED_CELLS_OF_A_FLEET = 600;

    /// One ring: how far it is, why it waits, its cells. `cells` is cut to what a card can show, what failed first;
    /// `more` counts the rest, which `folded` holds where the fleet is not too large, and `bad` those in trouble among
    /// it. `running` is told where some cell does not run the target, `behind` where newer versions graduated.
    public record RingCard(
            int ring,
            String name,
            Parts.Badge state,
            boolean insidePerimeter,
            boolean perimeterBefore,
            Optional<Parts.VersionChip> target,
            List<Parts.Running> running,
            Optional<String> behind,
            String progress,
            int grown,
            Optional<Parts.Wait> waiting,
            List<Parts.CellChip> cells,
            int more,
            List<Parts.CellChip> folded,
            long bad,
            Optional<Parts.Act> brake,
            Optional<Parts.Act> rollback) {
        public String rest() {
            return more + " more" + (bad > 0 ? ", " + bad + " of them failed" : "");
        }
    }

    static FleetPage of(FleetNow fleet, Optional<FleetReads.Followed> followed, Shell shell) {
        Palette palette = Palette.of(fleet);
        List<Parts.VersionRow> newest = fleet.versions().reversed().stream()
                .limit(NEWEST_VERSIONS)
                .map(version -> Parts.VersionRow.of(version, fleet, palette))
                .toList();
        return new FleetPage(
                shell,
                fleet.fleet(),
                Headline.of(fleet),
                followed,
                Parts.Moment.of(fleet.at(), fleet.at()),
                RingLayout.draw(fleet, palette),
                legend(fleet, palette),
                cards(fleet, palette, shell.offers()),
                PausedCard.of(fleet, shell.offers()),
                BrakeRow.all(fleet.brakes(), fleet, shell.offers()),
                PinRow.all(fleet),
                fleet.brakesOn("fleet").isEmpty()
                        ? shell.offers().button(Act.BRAKE, "Brake the fleet", "scope", "fleet") : Optional.empty(),
                newest,
                fleet.advice().stream().map(Advice::text).toList());
    }

    /// The versions that some cell runs or some ring aims at, newest first.
    private static List<Parts.VersionChip> legend(FleetNow fleet, Palette palette) {
        return fleet.versions().reversed().stream()
                .map(FleetStatus.VersionStatus::version)
                .filter(version -> isSeen(version, fleet))
                .map(version -> Parts.VersionChip.of(version, palette))
                .toList();
    }

    private static boolean isSeen(String version, FleetNow fleet) {
        Optional<String> sought = Optional.of(version);
        return fleet.cells().stream().anyMatch(cell -> cell.version().equals(sought))
                || fleet.rings().stream().anyMatch(ring -> ring.target().equals(sought));
    }

    private static List<RingCard> cards(FleetNow fleet, Palette palette, Offers offers) {
        var cards = new ArrayList<RingCard>();
        boolean insideSoFar = false;
        for (FleetStatus.RingStatus ring : fleet.rings()) {
            cards.add(card(ring, insideSoFar && !ring.insidePerimeter(), fleet, palette, offers));
            insideSoFar = ring.insidePerimeter();
        }
        fleet.quarantine()
                .filter(ring -> !fleet.cellsOf(ring.ring()).isEmpty())
                .ifPresent(ring -> cards.add(card(ring, false, fleet, palette, offers)));
        return cards;
    }

    private static RingCard card(
            FleetStatus.RingStatus ring, boolean perimeterBefore, FleetNow fleet, Palette palette,
            Offers offers) {
        List<FleetStatus.CellStatus> cells = fleet.cellsOf(ring.ring());
        int grown = (int) cells.stream().filter(cell -> RingLayout.hasGrown(cell, ring)).count();
        List<FleetStatus.CellStatus> sorted = sorted(cells);
        boolean small = cells.size() <= ALL_CELLS_OF_A_RING && fleet.cells().size() <= ALL_CELLS_OF_A_FLEET;
        var shown = small ? cells : sorted.subList(0, Math.min(SOME_CELLS, sorted.size()));
        var rest = small ? List.<FleetStatus.CellStatus>of() : sorted.subList(shown.size(), sorted.size());
        return new RingCard(
                ring.ring(),
                Words.ring(ring.ring()),
                Parts.Badge.of(ring.state()),
                ring.insidePerimeter(),
                perimeterBefore,
                ring.target().map(target -> Parts.VersionChip.of(target, palette)),
                ring.drift().drifted() == 0 ? List.of() : Parts.Running.all(ring, palette),
                CellWords.behind(ring, fleet),
                grown + " of " + Words.count(cells.size(), "cell"),
                cells.isEmpty() ? 0 : 100 * grown / cells.size(),
                Parts.Wait.of(ring.waiting(), fleet.at()),
                shown.stream().map(cell -> Parts.CellChip.of(cell, fleet, palette)).toList(),
                rest.size(),
                fleet.cells().size() > FOLDED_CELLS_OF_A_FLEET ? List.of()
                        : rest.stream().map(cell -> Parts.CellChip.of(cell, fleet, palette)).toList(),
                rest.stream().filter(FleetPage::isBad).count(),
                fleet.brakesOn("ring " + ring.ring()).isEmpty()
                        ? offers.button(Act.BRAKE, "Brake", "scope", "ring " + ring.ring()) : Optional.empty(),
                offers.button(Act.ROLLBACK, "Roll back", "ring", String.valueOf(ring.ring())));
    }

    /// Those that failed before those that are held, those before what moves, and what is well last.
    private static List<FleetStatus.CellStatus> sorted(List<FleetStatus.CellStatus> cells) {
        return cells.stream().sorted(Comparator.comparing(cell -> switch (Words.tone(cell.state())) {
            case "bad" -> 0;
            case "held" -> 1;
            case "good" -> 3;
            default -> 2;
        })).toList();
    }

    private static boolean isBad(FleetStatus.CellStatus cell) {
        return Words.tone(cell.state()).equals("bad");
    }
}
