package cambium.rollout;

import java.util.List;
import java.util.Optional;

/// Why a verdict was reached: one sentence, and the figures of each signal it rests on.
///
/// @param source where the readings come from
public record Evidence(String text, List<Signal> signals, Optional<Source> source) {
    public Evidence {
        text = Grammar.text("evidence", text);
        signals = List.copyOf(signals);
    }

    public Evidence(String text, List<Signal> signals) {
        this(text, signals, Optional.empty());
    }

    public static Evidence of(String text) {
        return new Evidence(text, List.of());
    }

    /// One golden signal (`errors`, `latency`, `traffic`, `saturation`) before and after the deployment.
    ///
    /// @param before figure before, in `unit`
    /// @param after figure after, in `unit`
    /// @param zScore how many standard deviations the figure moved; positive is worse for errors and latency
    /// @param pValue chance of a move this bad if nothing had changed, from 0 to 1
    /// @param weighing how it was decided, for signals that decide
    public record Signal(String name, double before, double after, String unit, double zScore, double pValue,
            Optional<Weighing> weighing) {
        public Signal(String name, double before, double after, String unit, double zScore, double pValue) {
            this(name, before, after, unit, zScore, pValue, Optional.empty());
        }
    }

    public Evidence from(Source other) {
        return new Evidence(text, signals, Optional.of(other));
    }

    /// @param name what was read
    /// @param queries what it was asked, where it is asked by queries
    public record Source(String name, List<Query> queries) {
        public Source {
            queries = List.copyOf(queries);
        }
    }

    /// @param figure what it stands for: a signal, or a part of one
    public record Query(String figure, String text) {}

    /// @param level the p-value below which it would be harm
    /// @param observations requests, or minutes, that it rests on
    /// @param control what it was compared with
    public record Weighing(double level, long observations, String control) {}
}
