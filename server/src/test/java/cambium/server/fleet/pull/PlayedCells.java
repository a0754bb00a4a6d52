package cambium.server.fleet.pull;

import cambium.rollout.AttemptId;
import cambium.rollout.CellId;
import cambium.rollout.PackageRef;
import cambium.server.fleet.handover.Handovers;
import cambium.server.fleet.pull.CellDesk.Said;
import cambium.server.testing.Eventually;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Cells that report and do what is wanted, as the script does; the name of the driver says how it goes.
final class PlayedCells implements AutoCloseable {
    private final Handovers handovers;
    private final CellDesk desk;
    private final InstantSource time;
    private final List<CellId> cells;
    private final Set<String> waiting = new HashSet<>();
    private final TreeMap<String, List<PackageRef>> pending = new TreeMap<>();
    private final TreeMap<CellId, TreeMap<String, String>> installed = new TreeMap<>();
    private final List<String> begun = new ArrayList<>();
    private final List<String> kinds = new ArrayList<>();
    private final Thread thread = Thread.ofVirtual().unstarted(this::run);
    private volatile boolean open = true;
    private volatile boolean released;

    PlayedCells(CellReports reports, Handovers handovers, InstantSource time, List<CellId> cells) {
        this.handovers = handovers;
        this.desk = new CellDesk(reports, handovers, () -> _ -> true);
        this.time = time;
        this.cells = cells;
        thread.start();
    }

    void release() {
        released = true;
    }

    synchronized int runs(AttemptId attempt) {
        return (int) begun.stream().filter(attempt.toString()::equals).count();
    }

    synchronized String lastKind() {
        return kinds.getLast();
    }

    private void run() {
        try {
            while (open) {
                for (var cell : cells) {
                    round(cell);
                }
                Thread.sleep(5);
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void round(CellId cell) {
        if (released) {
            List.copyOf(waiting).forEach(attempt -> say(AttemptId.of(attempt).cell(), attempt, Said.Word.SUCCEEDED,
                    "", "done"));
            waiting.clear();
        }
        var wanted = report(cell, Optional.empty()).wanted();
        if (wanted.isEmpty() || wanted.get().begun()) {
            return;
        }
        var order = wanted.get().order();
        var attempt = order.attempt().toString();
        if (order.driver().equals("absent")) {
            say(cell, attempt, Said.Word.FAILED, "there is no program for 'absent' here", "");
            return;
        }
        if (!say(cell, attempt, Said.Word.BEGUN, "", "").counted()) {
            return;
        }
        begun.add(attempt);
        kinds.add(order.kind().word());
        switch (order.driver()) {
            case "works" -> {
                install(cell, order.packages());
                say(cell, attempt, Said.Word.SUCCEEDED, "", "done");
            }
            case "breaks" -> say(cell, attempt, Said.Word.FAILED, "no space left", "no space left\n");
            default -> {
                waiting.add(attempt);
                pending.put(attempt, order.packages());
            }
        }
    }

    private void install(CellId cell, List<PackageRef> packages) {
        var of = installed.computeIfAbsent(cell, _ -> new TreeMap<>());
        packages.forEach(one -> of.put(one.name(), one.version()));
    }

    private CellDesk.Answer say(CellId cell, String attempt, Said.Word word, String reason, String log) {
        if (word == Said.Word.SUCCEEDED) {
            install(cell, pending.getOrDefault(attempt, List.of()));
        }
        return report(cell, Optional.of(new Said(attempt, word, reason, log)));
    }

    private CellDesk.Answer report(CellId cell, Optional<Said> said) {
        return desk.take(cell, new CellReport(time.instant(), installed.getOrDefault(cell, new TreeMap<>())), said);
    }

    List<String> open(AttemptId attempt) {
        return handovers.open(attempt.cell()).stream().map(each -> each.order().attempt().toString())
                .filter(attempt.toString()::equals).toList();
    }

    @Override
    public void close() {
        open = false;
        Eventually.holds("the cells are still", () -> !thread.isAlive());
    }
}
