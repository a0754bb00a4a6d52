package cambium.server.pages;

import cambium.rollout.FleetStatus;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The small parts that several pages show: versions, cells, waits, brakes, moments.
public final class Parts {
    private Parts() {}

    /// A point in time: for machines, in full, and how long ago.
    public record Moment(String iso, String text, String ago) {
        static Moment of(Instant at, Instant now) {
            return new Moment(at.toString(), Words.moment(at), Words.ago(at, now));
        }
    }

    /// A time that ends a wait; `left` is as of the making of the page, the script counts on.
    public record Countdown(String iso, String clock, String left) {
        static Countdown of(Instant until, Instant now) {
            return new Countdown(until.toString(), Words.clock(until), Words.left(until, now));
        }
    }

    public record Wait(String code, String text, Optional<Countdown> until) {
        static Optional<Wait> of(Optional<FleetStatus.WaitStatus> waiting, Instant now) {
            return waiting.map(found -> new Wait(
                    found.code(),
                    Words.readable(found.text(), now),
                    found.until().map(until -> Countdown.of(until, now))));
        }
    }

    /// A state with its symbol and tone.
    public record Badge(String text, String glyph, String tone) {
        static Badge of(String state) {
            return new Badge(Words.state(state), Words.glyph(state), Words.tone(state));
        }
    }

    public record VersionChip(String version, String look, String grain) {
        static VersionChip of(String version, Palette palette) {
            String look = palette.look(version);
            return new VersionChip(version, look, look.replace("look", "grain"));
        }
    }

    /// How many cells of a ring run a version, or none.
    public record Running(Optional<VersionChip> version, int cells) {
        static List<Running> all(FleetStatus.RingStatus ring, Palette palette) {
            return ring.drift().running().stream()
                    .map(running -> new Running(
                            running.version().map(version -> VersionChip.of(version, palette)), running.cells()))
                    .toList();
        }
    }

    public record CellChip(String cell, String kind, Badge state, Optional<VersionChip> version, int behind,
            String spoken) {
        static CellChip of(FleetStatus.CellStatus cell, FleetNow fleet, Palette palette) {
            return new CellChip(
                    cell.cell(),
                    cell.kind(),
                    Badge.of(cell.state()),
                    cell.version().map(version -> VersionChip.of(version, palette)),
                    cell.drift().behind().versions(),
                    CellWords.spoken(cell, fleet));
        }
    }

    public record VersionRow(
            VersionChip chip, Badge state, boolean graduated, Moment since, long cells, Optional<String> hotfix,
            Optional<Wait> waiting) {
        static VersionRow of(FleetStatus.VersionStatus version, FleetNow fleet, Palette palette) {
            return new VersionRow(
                    VersionChip.of(version.version(), palette),
                    Badge.of(version.state()),
                    version.graduated(),
                    Moment.of(version.since(), fleet.at()),
                    fleet.cellsOn(version.version()),
                    version.hotfix(),
                    Wait.of(version.waiting(), fleet.at()));
        }
    }

    /// A button that leads to the form of an act.
    public record Act(String href, String label, boolean danger) {
        static Act of(cambium.server.pages.Act act, String label, String name, String value) {
            return new Act(act.path() + "?" + pair(name, value), label, false);
        }

        Act and(String name, String value) {
            return new Act(href + "&" + pair(name, value), label, danger);
        }

        Act asDanger() {
            return new Act(href, label, true);
        }

        private static String pair(String name, String value) {
            return name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
        }
    }
}
