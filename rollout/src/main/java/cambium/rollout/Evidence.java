package cambium.rollout;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Why a verdict was reached: one sentence, and the figures of each signal it rests on.
///
/// @param source where the readings come from
/// @param traces what the signals did before and since, to be drawn
public record Evidence(String text, List<Signal> signals, Optional<Source> source, Optional<Traces> traces) {
    public Evidence {
        text = Grammar.text("evidence", text);
        signals = List.copyOf(signals);
    }

    public Evidence(String text, List<Signal> signals) {
        this(text, signals, Optional.empty(), Optional.empty());
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
        return new Evidence(text, signals, Optional.of(other), traces);
    }

    public Evidence drawn(Traces other) {
        return new Evidence(text, signals, source, Optional.of(other));
    }

    /// Without what only the log keeps: the state of thousands of cells stays small.
    Evidence brief() {
        return new Evidence(text, signals);
    }

    /// @param change the end of the deployment, from which the traces count
    /// @param cells how many cells that were not changed are beside it
    public record Traces(Instant change, int cells, List<Trace> traces) {
        public Traces {
            traces = List.copyOf(traces);
        }
    }

    /// One signal of the judged cell, and of the others together.
    public record Trace(String signal, String unit, Line cell, Line others) {}

    /// Points in order of time: seconds from the change, negative before it, each with a value.
    public record Line(List<Long> seconds, List<Double> values) {
        public Line {
            if (seconds.size() != values.size()) {
                throw new IllegalArgumentException("a line has as many times as values");
            }
            seconds = List.copyOf(seconds);
            values = List.copyOf(values);
        }
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
