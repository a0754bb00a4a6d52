package cambium.rollout;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;

/// The state of a fleet: the fold of its events, and nothing else. Immutable; `after` gives the next.
///
/// @param revision how many events were folded; the store compares it before it takes new ones
/// @param versions in order of registration
/// @param drill the last drill of the brake
/// @param trials which signals have judged a version inside
/// @param pins by the ring or cell that each is set on
/// @param log whether what all this rests on is believed
/// @param pages what somebody was called for, by key, in order of time; the last {@link #MAX_PAGES}
public record Fleet(long revision, Optional<FleetSpec> spec, SortedMap<CellId, Cell> cells,
        SortedMap<RingNumber, Ring> rings, NavigableMap<Integer, Rollout> rollouts,
        SequencedMap<ProductVersion, VersionRecord> versions, SortedMap<Scope, Brake> brakes,
        SortedMap<Scope, Pin> pins, SequencedMap<String, Page> pages, Optional<BrakeDrill> drill, Trials trials,
        LogTrust log) {
    public static final int MAX_PAGES = 4 * FleetSpec.MAX_CELLS;

    public record Page(Scope subject, String text, Instant at) {}

    public Fleet {
        cells = Collections.unmodifiableSortedMap(cells);
        rings = Collections.unmodifiableSortedMap(rings);
        rollouts = Collections.unmodifiableNavigableMap(rollouts);
        versions = Collections.unmodifiableSequencedMap(versions);
        brakes = Collections.unmodifiableSortedMap(brakes);
        pins = Collections.unmodifiableSortedMap(pins);
        pages = Collections.unmodifiableSequencedMap(pages);
    }

    public static Fleet empty() {
        return new Fleet(0, Optional.empty(), new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), new LinkedHashMap<>(),
                new TreeMap<>(), new TreeMap<>(), new LinkedHashMap<>(), Optional.empty(), Trials.DEFAULT,
                LogTrust.DEFAULT);
    }

    public Fleet after(FleetEvent event) {
        return after(List.of(event));
    }

    /// Folds a batch with one working copy, so that thousands of events cost little more than one.
    public Fleet after(List<FleetEvent> events) {
        var fold = new FleetFold(this);
        events.forEach(fold::apply);
        return fold.fleet();
    }

    /// The same, read from the log up to `revision` over what is flawed there, if anything is.
    public Fleet read(long upTo, Optional<LogFlaw> flaw) {
        return upTo == revision && flaw.equals(log.read()) ? this : new Fleet(upTo, spec, cells, rings, rollouts,
                versions, brakes, pins, pages, drill, trials, log.reading(flaw));
    }

    /// Whether recording the event would change the state. Looks and verdicts repeat all the time; only news is
    /// recorded.
    public boolean isNews(FleetEvent event) {
        return News.in(this, event);
    }

    public Optional<Cell> cell(CellId id) {
        return Optional.ofNullable(cells.get(id));
    }

    public Optional<VersionRecord> version(ProductVersion version) {
        return Optional.ofNullable(versions.get(version));
    }

    /// The attempt of this id, if it is the last of its step on its cell.
    public Optional<Attempt> attempt(AttemptId id) {
        return cell(id.cell()).flatMap(cell -> cell.last(id.step())).filter(attempt -> attempt.id().equals(id));
    }

    public int lastRollout() {
        return rollouts.isEmpty() ? 0 : rollouts.lastKey();
    }

    /// The newest rollout of a version.
    public Optional<Rollout> rolloutOf(ProductVersion version) {
        return rollouts.descendingMap().values().stream().filter(rollout -> rollout.version().equals(version))
                .findFirst();
    }

    /// The cells whose health must be judged now, each with the attempt that the evidence has to name.
    public List<Watch> watches() {
        return Watch.in(this);
    }
}
