package cambium.server.pages;

import cambium.rollout.ApprovalStatus;
import java.util.List;

/// The page `/versions`: all versions, newest first, and the newest events of the whole fleet.
public record VersionsPage(Shell shell, Parts.Moment at, List<Parts.VersionRow> versions,
        List<ApprovalRow> approvals, FiguresCard figures, List<StrayLine> strays, List<HistoryLine> history) {
    private static final int MOST_VERSIONS = 200;
    private static final int MOST_LINES = 60;

    static VersionsPage of(FleetNow fleet, List<ApprovalStatus> approvals, FiguresCard figures, List<StrayLine> strays,
            History history, Shell shell) {
        Palette palette = Palette.of(fleet);
        return new VersionsPage(
                shell,
                Parts.Moment.of(fleet.at(), fleet.at()),
                fleet.versions().reversed().stream()
                        .limit(MOST_VERSIONS)
                        .map(version -> Parts.VersionRow.of(version, fleet, palette))
                        .toList(),
                ApprovalRow.all(approvals, fleet.at(), shell.offers()),
                figures,
                strays,
                history.ofAll(MOST_LINES));
    }
}
