package cambium.rollout.health;

import cambium.rollout.Evidence;
import cambium.rollout.Evidence.Signal;
import cambium.rollout.Verdict;
import cambium.rollout.WholeSeconds;
import cambium.rollout.health.ExactCounts.Counted;
import cambium.rollout.health.Finding.Weight;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/// Says whether a version harms a cell. It does if errors, latencies or saturation are worse than in the cell's own
/// past, by more than chance and by enough to matter, and controls did not become just as bad. What cannot be told is
/// `NO_DATA`, and so is what merely looks worse.
///
/// It is asked again and again while evidence grows. The chance that a deployment which changed nothing is ever called
/// harmful stays below the sum of the rates here, however long and often it is looked at: see [Blocks] and decision
/// record 18.
public final class HealthJudge {
    static final double ERRORS_RATE = 5e-4;
    static final double LATENCY_RATE = 1e-4;
    static final double SATURATION_RATE = 1e-4;
    /// For all signals of the fleet's own together.
    static final double OWN_RATE = 1e-4;
    /// Traffic below this share of what it was is no judgement on the version, but no reason to open a gate either.
    static final double TRAFFIC_GONE = 0.1;
    private static final double MIN_TRAFFIC_REQUESTS = 100;

    private final HealthInput input;
    private final Case measured;

    private HealthJudge(HealthInput input) {
        this.input = input;
        measured = Case.of(input);
    }

    public static Judgement judge(HealthInput input) {
        return new HealthJudge(input).judge();
    }

    private Judgement judge() {
        var latency = new LatencySignal(measured);
        var named = new java.util.LinkedHashMap<String, Finding>();
        named.put("errors", errors().finding());
        named.put("latency", latency.finding(LATENCY_RATE));
        named.put("traffic", new Finding(Weight.FINE, "", traffic()));
        named.put("saturation", new SaturationSignal(measured).finding(SATURATION_RATE));
        own(named);
        var signals = named.values().stream().flatMap(finding -> finding.signal().stream()).toList();
        named.keySet().removeAll(input.shadow());
        var deciding = List.copyOf(named.values());
        var last = Stretch.of(input.after(), input.now()).last();
        if (last.filter(at -> !at.plus(input.maxAge()).isBefore(input.now())).isEmpty()) {
            return told(Verdict.NO_DATA, last.map(at -> "the newest sound reading is of " + WholeSeconds.at(at))
                    .orElse("no sound reading since the deployment"), signals);
        }
        return harm(named, signals)
                .or(() -> of(Weight.SHARED, Verdict.NO_DATA, deciding, signals))
                .or(() -> tooLittle(latency, signals))
                .or(() -> of(Weight.SUSPECT, Verdict.NO_DATA, deciding, signals))
                .orElseGet(() -> healthy(deciding, signals));
    }

    /// What has never judged inside takes nothing back outside: it can only hold.
    private Optional<Judgement> harm(java.util.Map<String, Finding> named, List<Signal> signals) {
        var harm = named.entrySet().stream().filter(each -> each.getValue().weight() == Weight.HARMFUL).toList();
        return harm.stream().filter(each -> !input.trial().contains(each.getKey())).findFirst()
                .map(each -> told(Verdict.HARMFUL, each.getValue().text(), signals))
                .or(() -> harm.stream().findFirst().map(each -> told(Verdict.NO_DATA, each.getValue().text()
                        + "; this holds and takes nothing back, since no version has baked in the innermost ring with "
                        + "the signal " + each.getKey() + " as it is now", signals)));
    }

    private CountSignal errors() {
        return new CountSignal(measured, "errors", ERRORS_RATE,
                interval -> new Counted(interval.errors(), interval.requests()));
    }

    private void own(java.util.Map<String, Finding> named) {
        var names = new TreeSet<String>();
        measured.after().intervals().forEach(interval -> names.addAll(interval.own().keySet()));
        for (var name : names) {
            named.put(name, new CountSignal(measured, name, OWN_RATE / names.size(), interval ->
                    Optional.ofNullable(interval.own().get(name)).map(own -> new Counted(own.bad(), own.all()))
                            .orElse(Counted.NONE)).finding());
        }
    }

    private Optional<Judgement> of(Weight weight, Verdict verdict, List<Finding> findings, List<Signal> signals) {
        return findings.stream().filter(finding -> finding.weight() == weight).findFirst()
                .map(finding -> told(verdict, finding.text(), signals));
    }

    private Optional<Judgement> tooLittle(LatencySignal latency, List<Signal> signals) {
        var whole = measured.after().whole();
        double requests = whole.map(Interval::requests).orElse(0.0);
        if (requests < Case.MIN_REQUESTS) {
            return Optional.of(told(Verdict.NO_DATA, "only " + Math.round(requests)
                    + " requests since the deployment, " + Math.round(Case.MIN_REQUESTS) + " are needed", signals));
        }
        if (latency.known() && whole.get().latencies().total() == 0) {
            return Optional.of(told(Verdict.NO_DATA, "latencies are no longer told since the deployment", signals));
        }
        if (trafficGone()) {
            return Optional.of(told(Verdict.NO_DATA, "traffic fell below " + CountSignal.percent(TRAFFIC_GONE)
                    + " of what it was: too little is served to tell", signals));
        }
        return Optional.empty();
    }

    /// Over the last minute, or since the deployment where that is shorter, beside what the past leads to expect.
    private boolean trafficGone() {
        var past = measured.before().whole().filter(known -> known.seconds() > 0);
        var newest = measured.after().between(measured.end().minus(Case.LONG), measured.end());
        if (past.isEmpty() || newest.isEmpty()) {
            return false;
        }
        double expected = past.get().requests() / past.get().seconds() * newest.get().seconds();
        return expected >= MIN_TRAFFIC_REQUESTS && newest.get().requests() < expected * TRAFFIC_GONE;
    }

    private Judgement healthy(List<Finding> findings, List<Signal> signals) {
        var yesterday = findings.stream().filter(finding -> finding.weight() == Weight.AS_YESTERDAY).findFirst();
        var after = measured.after().whole().orElseThrow();
        double errors = after.requests() == 0 ? 0 : after.errors() / after.requests();
        var past = measured.before().whole().filter(known -> measured.pastKnown());
        return told(Verdict.HEALTHY, yesterday.map(Finding::text).orElseGet(() -> "no worse than before: errors "
                + CountSignal.percent(errors) + past.map(known -> ", were " + CountSignal.percent(known.errors()
                / known.requests())).orElse("") + ", " + Math.round(after.requests()) + " requests"), signals);
    }

    private Judgement told(Verdict verdict, String text, List<Signal> signals) {
        long samples = Math.round(measured.after().whole().map(Interval::requests).orElse(0.0));
        return new Judgement(verdict, samples, new Evidence(text, signals));
    }

    /// Shown, and able to hold a gate shut when it is gone; whether users come is not the version's doing alone.
    private Optional<Signal> traffic() {
        var before = measured.before().whole().filter(past -> past.seconds() > 0);
        var after = measured.after().whole().filter(now -> now.seconds() > 0);
        if (before.isEmpty() || after.isEmpty()) {
            return Optional.empty();
        }
        double was = before.get().requests() / before.get().seconds();
        double is = after.get().requests() / after.get().seconds();
        double expected = was * after.get().seconds();
        double z = Spread.zScore(perSecond(measured.pastWindows()), perSecond(measured.windows()))
                .orElse(expected <= 0 ? 0 : (after.get().requests() - expected) / Math.sqrt(expected));
        return Optional.of(new Signal("traffic", was, is, "requests/s", z, 1));
    }

    private static double[] perSecond(List<Interval> windows) {
        var rates = new ArrayList<Double>();
        windows.forEach(window -> rates.add(window.requests() / window.seconds()));
        return rates.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
