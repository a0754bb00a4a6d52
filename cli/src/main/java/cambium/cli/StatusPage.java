package cambium.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The fleet on one screen: what brakes it, then versions, rings and cells, each with why it waits. Ages are on the
/// server's clock, so a wrong clock here misleads nobody.
final class StatusPage {
    /// A fleet of so many cells is listed whole; of a larger one so many are, those that need somebody first.
    static final int FEW_CELLS = 30;

    private final Json fleet;
    private final Ink ink;
    private final String at;
    private final boolean every;

    StatusPage(Json fleet, Ink ink) {
        this(fleet, ink, false);
    }

    /// @param every whether also those cells of a large fleet are listed that need nobody
    StatusPage(Json fleet, Ink ink, boolean every) {
        this.fleet = fleet;
        this.ink = ink;
        this.at = fleet.text("at");
        this.every = every;
    }

    List<String> lines() {
        var lines = new ArrayList<String>();
        lines.add(ink.strong("fleet " + fleet.text("fleet")) + "   perimeter: ring " + fleet.text("perimeter")
                + "   revision " + fleet.text("revision") + "   " + Times.clock(at));
        if (fleet.at("log_flaw") instanceof Json.Fields flaw) {
            lines.add(ink.alarm("the fleet stands still: " + flaw.text("text")));
        }
        if ("false".equals(fleet.at("drill").text("passed"))) {
            drill().ifPresent(lines::add);
        }
        lines.addAll(paused());
        if (fleet.at("source") instanceof Json.Fields source) {
            lines.addAll(SourceCommand.lines(source));
        }
        if (!fleet.items("brakes").isEmpty()) {
            lines.add("");
            lines.addAll(brakes());
        }
        if (!fleet.items("pins").isEmpty()) {
            lines.add("");
            lines.addAll(pins());
        }
        var advice = fleet.items("advice").stream().map(each -> "note: " + each.text("text")).toList();
        for (var part : List.of(versions(), rings(), cells(), advice)) {
            if (!part.isEmpty()) {
                lines.add("");
                lines.addAll(part);
            }
        }
        if (!fleet.items("strays").isEmpty()) {
            lines.add("");
            lines.addAll(strays());
        }
        return lines;
    }

    /// That the fleet takes nothing new, because of which ring, and what ends it.
    private List<String> paused() {
        Json pause = fleet.at("paused");
        return pause.find("since").map(since -> List.of(ink.alarm("paused for " + Times.age(since, at)
                + ": nothing new begins in ring 0, since ring " + pause.text("ring") + " is " + pause.text("why")),
                "  it ends by itself once that ring has caught up: cambium why " + pause.text("ring")))
                .orElse(List.of());
    }

    /// What was told that nobody waits for: something may run, or have run, twice.
    private List<String> strays() {
        var table = new Table("STRAY RESULT OF", "SAYS", "WHAT", "AGO");
        for (Json stray : fleet.items("strays")) {
            table.row(stray.text("attempt"), stray.text("origin"), stray.text("said"),
                    Times.age(stray.text("at"), at));
        }
        return table.lines(ink);
    }

    /// The last drill of the brake; empty before the first.
    Optional<String> drill() {
        Json drill = fleet.at("drill");
        return drill.find("at").map(done -> "true".equals(drill.text("passed"))
                ? "last drill: passed " + Times.age(done, at) + " ago, a brake held after " + drill.text("took_ms")
                        + " ms"
                : ink.alarm("last drill: FAILED " + Times.age(done, at) + " ago, so do not rely on brakes: "
                        + drill.text("failure")));
    }

    List<String> brakes() {
        var table = new Table("BRAKE ON", "BY", "SINCE", "UNTIL", "WHY");
        for (Json brake : fleet.items("brakes")) {
            table.row(ink.alarm(brake.text("scope") + ("true".equals(brake.text("cancel")) ? ", cancels" : "")),
                    brake.text("by"), Times.age(brake.text("since"), at),
                    brake.find("until").map(Times::full).orElse(""), brake.text("why"));
        }
        return table.lines(ink);
    }

    List<String> pins() {
        var table = new Table("PINNED", "TO", "BY", "SINCE", "UNTIL", "WHY");
        for (Json pin : fleet.items("pins")) {
            table.row(ink.strong(pin.text("scope")), pin.text("version"), pin.text("by"),
                    Times.age(pin.text("since"), at), pin.find("until").map(Times::full).orElse(""), pin.text("why"));
        }
        return table.lines(ink);
    }

    private List<String> versions() {
        if (fleet.items("versions").isEmpty()) {
            return List.of("no version yet; start one with: cambium deploy VERSION");
        }
        var table = new Table("VERSION", "STATE", "GRADUATED", "FOR", "WAITS FOR");
        for (Json version : fleet.items("versions")) {
            table.row(version.text("version"), ink.state(version.text("state"))
                    + (version.text("hotfix").isEmpty() ? "" : ", hotfix"), yes(version.text("graduated")),
                    Times.age(version.text("since"), at), wait(version));
        }
        return table.lines(ink);
    }

    private List<String> rings() {
        var table = new Table("RING", "STATE", "TARGET", "CELLS", "BEHIND", "WAITS FOR");
        for (Json ring : fleet.items("rings")) {
            String outside = "true".equals(ring.text("inside_perimeter")) ? "" : " outside";
            table.row(ring.text("ring") + outside, ink.state(ring.text("state")),
                    ring.text("target"), running(ring), behind(ring), wait(ring));
        }
        return table.lines(ink);
    }

    /// How many of the ring's cells run its target.
    private String running(Json ring) {
        List<Json> members = fleet.items("cells").stream()
                .filter(cell -> cell.text("ring").equals(ring.text("ring"))).toList();
        Optional<String> target = ring.find("target");
        long there = members.stream().filter(cell -> target.equals(cell.find("version"))).count();
        return target.isEmpty() ? String.valueOf(members.size())
                : there + "/" + members.size() + others(ring, target.get());
    }

    /// What cells of the ring run that is not its target: ` (2 on 1.0.0)`.
    private static String others(Json ring, String target) {
        String others = ring.items("running").stream().filter(one -> !one.text("version").equals(target))
                .map(one -> one.text("cells") + " on " + one.find("version").orElse("none"))
                .collect(Collectors.joining(", "));
        return others.isEmpty() ? "" : " (" + others + ")";
    }

    /// Graduated versions newer than what runs, and since when there is one: `2, 26h`.
    private String behind(Json subject) {
        return subject.find("behind").filter(count -> !count.equals("0"))
                .map(count -> ink.alarm(count + ", " + Times.age(subject.text("behind_since"), at)
                        + (subject.find("too_far_behind").isPresent() ? ": too far" : ""))).orElse("");
    }

    private List<String> cells() {
        var table = new Table("CELL", "RING", "STATE", "FOR", "VERSION", "BEHIND", "PDM", "HEALTH", "ATTEMPT",
                "WAITS FOR");
        var all = fleet.items("cells");
        var wanted = every || all.size() <= FEW_CELLS ? all : all.stream().filter(StatusPage::needsALook).toList();
        var cells = new ArrayList<>(wanted.subList(0, every ? wanted.size() : Math.min(FEW_CELLS, wanted.size())));
        cells.sort(Comparator.comparing(cell -> Integer.parseInt(cell.find("ring").orElse("-1"))));
        for (Json cell : cells) {
            table.row(cell.text("cell"), cell.text("ring"), ink.state(cell.text("state")),
                    Times.age(cell.text("since"), at), version(cell), behind(cell), cell.text("pdm_version"),
                    ink.state(cell.at("health").text("verdict")), cell.text("attempt"), wait(cell));
        }
        var lines = new ArrayList<String>(cells.isEmpty() ? List.of() : table.lines(ink));
        if (cells.size() < all.size()) {
            lines.add((wanted.isEmpty() ? "no cell needs a look" : wanted.size() + " of " + all.size()
                    + " cells need a look" + (cells.size() < wanted.size() ? ", " + cells.size() + " are shown" : ""))
                    + "; all of them: cambium status --cells");
        }
        return lines;
    }

    /// What failed, cannot be reached or is not known, and who stands aside or is behind; not what is on its way.
    private static boolean needsALook(Json cell) {
        boolean trouble = switch (cell.text("state")) {
            case "failed", "rolling-back", "unreachable", "unknown" -> true;
            default -> false;
        };
        return trouble || cell.at("health").text("verdict").equals("harmful")
                || cell.find("behind").filter(count -> !count.equals("0")).isPresent()
                || cell.find("duty").filter(duty -> !duty.equals("on duty")).isPresent();
    }

    /// The version it runs, and the one it shall run, or to go back to, where that is another.
    private static String version(Json cell) {
        String runs = cell.find("version").orElse("-");
        var expected = cell.find("expected").filter(wanted -> !wanted.equals(runs));
        if (expected.isPresent()) {
            return runs + " (expected: " + expected.get() + ")";
        }
        return cell.find("last_known_good").filter(good -> !good.equals(runs))
                .map(good -> runs + " (good: " + good + ")").orElse(runs);
    }

    private static String yes(String flag) {
        return "true".equals(flag) ? "yes" : "";
    }

    private static String wait(Json subject) {
        return told(subject.at("wait"));
    }

    /// Why something waits, with the time that ends it where the sentence does not name it itself.
    static String told(Json wait) {
        String text = wait.find("text").orElse(wait.text("code"));
        return wait.find("until").filter(until -> !text.contains("until"))
                .map(until -> text + " (until " + Times.clock(until) + ")").orElse(text);
    }
}
