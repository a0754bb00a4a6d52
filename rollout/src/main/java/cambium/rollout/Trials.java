package cambium.rollout;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Which of a fleet's signals have judged a version inside. A signal that is new, or asked for otherwise than before,
/// is on trial until a version that baked after that was found healthy with figures of it. The trial is held in the
/// innermost ring that judges health; outside of it a signal on trial calls nothing harmful: decision record 39.
///
/// @param signals those that decide or may come to, by name
public record Trials(SortedMap<String, Trial> signals) {
    public static final Trials DEFAULT = new Trials(new TreeMap<>());

    /// @param since when it was declared as it is
    /// @param passed when it had judged a version inside since then
    public record Trial(Instant since, Optional<Instant> passed) {}

    public Trials {
        signals = Collections.unmodifiableSortedMap(new TreeMap<>(signals));
    }

    /// What is asked for as before keeps what it has shown.
    Trials declared(Optional<FleetSpec> before, FleetSpec next, Instant at) {
        var known = before.map(FleetSpec::measuring);
        var trials = new TreeMap<String, Trial>();
        for (var signal : next.measuring().signals()) {
            boolean same = known.filter(old -> old.asks(signal).equals(next.measuring().asks(signal))).isPresent();
            trials.put(signal, same && signals.containsKey(signal) ? signals.get(signal)
                    : new Trial(at, Optional.empty()));
        }
        return new Trials(trials);
    }

    /// The ring in which signals of the fleet prove themselves, if any of its rings judges health.
    static Optional<RingNumber> ring(FleetSpec spec) {
        return spec.rings().stream().filter(ring -> ring.ring().value() >= 0
                && ring.policy().health() == RingPolicy.HealthGate.REQUIRED).map(RingSpec::ring).findFirst();
    }

    /// Signals that may call nothing harmful in this ring.
    public Set<String> bindingIn(FleetSpec spec, RingNumber ring) {
        boolean outside = ring(spec).filter(trial -> ring.compareTo(trial) > 0).isPresent();
        return outside ? Set.copyOf(open()) : Set.of();
    }

    /// The signals on trial, in order of name.
    public List<String> open() {
        return signals.entrySet().stream().filter(each -> each.getValue().passed().isEmpty())
                .map(SortedMap.Entry::getKey).toList();
    }

    /// What a cell of the trial ring is known to be ends trials, if its version has baked since they began.
    Trials shown(FleetSpec spec, Cell cell) {
        if (open().isEmpty() || !ring(spec).equals(Optional.of(cell.ring())) || cell.health().isEmpty()
                || cell.lastKnownGood().isEmpty() || cell.health().get().verdict() != Verdict.HEALTHY
                || !cell.provedGood(cell.health().get().version())) {
            return this;
        }
        var health = cell.health().get();
        var baked = cell.lastKnownGood().get().at();
        var passed = told(health.evidence(), health.at());
        passed.removeIf(signal -> baked.isBefore(signals.get(signal).since()));
        if (passed.isEmpty()) {
            return this;
        }
        var next = new TreeMap<>(signals);
        var at = baked.isAfter(health.at()) ? baked : health.at();
        passed.forEach(signal -> next.put(signal, new Trial(signals.get(signal).since(), Optional.of(at))));
        return new Trials(next);
    }

    /// Whether a verdict shows a signal on trial of which the cell's last one told nothing.
    boolean isNews(FleetSpec spec, Cell cell, FleetEvent.VerdictReached reached) {
        if (open().isEmpty() || !ring(spec).equals(Optional.of(cell.ring()))) {
            return false;
        }
        var known = cell.health().map(health -> told(health.evidence(), health.at())).orElse(new ArrayList<>());
        return told(reached.evidence(), reached.at()).stream().anyMatch(signal -> !known.contains(signal));
    }

    /// The signals on trial that evidence has figures of. What no weighing tells of was not used to decide.
    private List<String> told(Evidence evidence, Instant at) {
        var open = Set.copyOf(open());
        return evidence.signals().stream().filter(signal -> open.contains(signal.name())
                && signal.weighing().filter(weighing -> weighing.observations() > 0).isPresent()
                && !at.isBefore(signals.get(signal.name()).since()))
                .map(Evidence.Signal::name).collect(Collectors.toCollection(ArrayList::new));
    }
}
