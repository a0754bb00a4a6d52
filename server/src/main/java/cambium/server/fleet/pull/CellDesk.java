package cambium.server.fleet.pull;

import cambium.rollout.AttemptResult;
import cambium.rollout.CellId;
import cambium.rollout.PackageRef;
import cambium.rollout.Step;
import cambium.server.fleet.StepOrder;
import cambium.server.fleet.handover.Handover;
import cambium.server.fleet.handover.Handover.Phase;
import cambium.server.fleet.handover.Handovers;
import cambium.server.fleet.handover.Technology;
import cambium.server.http.Refused;
import cambium.server.sql.Batches;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// Takes what cells report and tells them what is wanted of them. Every report may come twice, late or in another
/// order: a result counts once, for the attempt that is open on this very cell, and is else kept as a stray.
final class CellDesk {
    static final int MAX_AT_ONCE = 100;

    private final CellReports reports;
    private final Handovers handovers;
    private final Supplier<Predicate<CellId>> declared;
    private final Batches<Arrival> arrivals = new Batches<>(MAX_AT_ONCE, this::arrived);

    /// @param declared asked once for all reports that come in one moment
    CellDesk(CellReports reports, Handovers handovers, Supplier<Predicate<CellId>> declared) {
        this.reports = reports;
        this.handovers = handovers;
        this.declared = declared;
    }

    /// A report, and then what is open on its cell; empty where the cell is none of the fleet's.
    private static final class Arrival {
        private final CellReports.OfCell report;
        private Optional<List<Handover>> open = Optional.empty();

        Arrival(CellReports.OfCell report) {
            this.report = report;
        }
    }

    /// What a cell says of an attempt.
    record Said(String attempt, Word word, String reason, String log) {
        enum Word { BEGUN, SUCCEEDED, FAILED, LOST }
    }

    /// What is wanted of the cell: the order, and whether the cell has said that it began.
    record Wanted(StepOrder order, boolean begun) {}

    /// @param counted whether what was said of an attempt was taken
    /// @param again whether the server would like another report soon, to see what became of the last step
    record Answer(boolean counted, Optional<Wanted> wanted, boolean again) {}

    /// What many cells report in the same moment costs one look at the fleet, one commit and one question. A cell that
    /// is not declared is refused.
    Answer take(CellId cell, CellReport report, Optional<Said> said) {
        var arrival = new Arrival(new CellReports.OfCell(cell, report));
        arrivals.bring(arrival);
        var open = arrival.open.orElseThrow(() ->
                new Refused(404, "unknown_cell", "there is no cell '" + cell + "' in the fleet"));
        var counted = said.isEmpty() || count(cell, open, report, said.get());
        var arrived = false;
        for (var handover : open) {
            if (brings(handover.order()) && report.shows(handover.order().packages())) {
                arrived |= handovers.end(handover.order().attempt(), new AttemptResult.Succeeded());
            }
        }
        var still = open.isEmpty() ? open : pulled(handovers.open(cell));
        var wanted = still.stream().filter(handover -> wanted(handover, report.at())).findFirst()
                .map(handover -> new Wanted(handover.order(), handover.phase() instanceof Phase.Running));
        return new Answer(counted, wanted, arrived || said.isPresent());
    }

    private void arrived(List<Arrival> all) {
        var isDeclared = declared.get();
        var known = all.stream().filter(each -> isDeclared.test(each.report.cell())).toList();
        reports.put(known.stream().map(each -> each.report).toList());
        var open = handovers.open(known.stream().map(each -> each.report.cell()).toList());
        known.forEach(each -> each.open = Optional.of(pulled(open.getOrDefault(each.report.cell(), List.of()))));
    }

    private static List<Handover> pulled(List<Handover> open) {
        return open.stream().filter(each -> each.technology() == Technology.PULL).toList();
    }

    private static boolean wanted(Handover handover, Instant now) {
        return handover.phase() instanceof Phase.Running || !now.isAfter(handover.order().startBefore());
    }

    private static boolean brings(StepOrder order) {
        return order.step() == Step.DEPLOY || order.step() == Step.ROLLBACK;
    }

    private boolean count(CellId cell, List<Handover> open, CellReport report, Said said) {
        var handover = open.stream().filter(each -> each.order().attempt().toString().equals(said.attempt()))
                .findFirst();
        var counted = handover.isPresent() && switch (said.word()) {
            case BEGUN -> handovers.running(handover.get().order().attempt(), "");
            case SUCCEEDED, FAILED, LOST -> end(handover.get().order(), report, said);
        };
        if (!counted) {
            handovers.stray(said.attempt(), "cell " + cell, said.word() + (said.reason().isEmpty() ? ""
                    : ": " + said.reason()));
        }
        return counted;
    }

    private boolean end(StepOrder order, CellReport report, Said said) {
        return handovers.end(order.attempt(), switch (said.word()) {
            case LOST -> new AttemptResult.Lost(said.reason().isEmpty() ? "the cell cannot tell" : said.reason());
            case FAILED -> new AttemptResult.Failed(said.reason().isEmpty() ? "no reason given" : said.reason());
            case BEGUN, SUCCEEDED -> brings(order) && !report.shows(order.packages())
                    ? new AttemptResult.Failed("the cell says that it succeeded, but reports " + seen(order, report))
                    : new AttemptResult.Succeeded();
        }, said.log());
    }

    private static String seen(StepOrder order, CellReport report) {
        return order.packages().stream().map(PackageRef::name).distinct()
                .map(name -> name + " " + report.packages().getOrDefault(name, "not installed"))
                .reduce((one, other) -> one + ", " + other).orElse("nothing");
    }
}
