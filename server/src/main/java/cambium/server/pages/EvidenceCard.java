package cambium.server.pages;

import cambium.rollout.Evidence;
import cambium.rollout.FleetEvent.VerdictReached;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What one verdict rests on: cell, version, attempt, the sentence, and the figures of each signal.
public record EvidenceCard(
        String cell,
        String version,
        String attempt,
        Parts.Moment at,
        Parts.Badge verdict,
        String text,
        long samples,
        List<SignalRow> signals,
        List<EvidenceChart> charts,
        Optional<Evidence.Source> source) {

    /// One on a page of one version or one cell.
    public String id() {
        return "verdict-" + attempt + "-" + verdict.text().replace(' ', '-');
    }

    public boolean grave() {
        return verdict.tone().equals("bad");
    }

    /// The charts that are shown at once: where something is wrong, those that show it.
    public List<EvidenceChart> telling() {
        return grave() ? charts.stream().filter(EvidenceChart::bad).toList() : charts;
    }

    public List<EvidenceChart> asBefore() {
        return grave() ? charts.stream().filter(chart -> !chart.bad()).toList() : List.of();
    }

    /// A signal before and after. `mark` is where its z-score stands on a scale from 0 (−8 or less) to 100 (8 or
    /// more), 50 being no change; `bad` where the move is large and for the worse.
    public record SignalRow(
            String name, String before, String after, String zScore, String pValue, double mark, boolean bad) {}

    static EvidenceCard of(VerdictReached reached, Instant now) {
        return new EvidenceCard(
                reached.cell().toString(),
                reached.version().toString(),
                reached.attempt().toString(),
                Parts.Moment.of(reached.at(), now),
                Parts.Badge.of(reached.verdict().word()),
                reached.evidence().text(),
                reached.samples(),
                reached.evidence().signals().stream().map(EvidenceCard::row).toList(),
                EvidenceChart.all(reached.evidence(), reached.verdict().word()),
                reached.evidence().source());
    }

    private static SignalRow row(Evidence.Signal signal) {
        return new SignalRow(
                signal.name(),
                figure(signal.before(), signal.unit()),
                figure(signal.after(), signal.unit()),
                Double.isFinite(signal.zScore()) ? String.format(Locale.ROOT, "%+.1f", signal.zScore()) : "none",
                pValue(signal.pValue()),
                Double.isFinite(signal.zScore()) ? Math.round(50 + Math.clamp(signal.zScore(), -8, 8) * 6.25) : 50,
                signal.zScore() >= 3);
    }

    private static String figure(double value, String unit) {
        if (!Double.isFinite(value)) {
            return "no data";
        }
        double size = Math.abs(value);
        String digits = size != 0 && size < 0.01 ? "%.4f" : size < 1 ? "%.3f" : size < 100 ? "%.1f" : "%.0f";
        return (String.format(Locale.ROOT, digits, value) + " " + unit).strip();
    }

    private static String pValue(double value) {
        if (!Double.isFinite(value)) {
            return "none";
        }
        if (value < 0.0001) {
            return "<0.0001";
        }
        return String.format(Locale.ROOT, value < 0.01 ? "%.4f" : "%.2f", value);
    }
}
