package cambium.server.pages;

import cambium.rollout.Evidence;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;

/// One signal around a deployment: the cell before it in the left half and since it in the right half, the cells that
/// were not changed beside it, and the moment of the change between. The halves have scales of their own, since an hour
/// before is compared with minutes after. A table says the same to who does not see it.
public record EvidenceChart(
        String title, String spoken, boolean bad, String before, String after, String controls, List<String> marks,
        List<SeriesChart.Line> lines, String longBefore, String longAfter, List<Row> rows) {
    private static final double LEFT = 52;
    private static final double RIGHT = 12;
    private static final double TOP = 10;
    private static final double BOTTOM = 22;
    private static final double WIDTH = 640;
    private static final double HEIGHT = 140;

    public record Row(String when, String cell, String others) {}

    public double width() {
        return WIDTH;
    }

    public double height() {
        return HEIGHT;
    }

    public double left() {
        return LEFT;
    }

    public double right() {
        return WIDTH - RIGHT;
    }

    public double middle() {
        return (LEFT + WIDTH - RIGHT) / 2;
    }

    public double top() {
        return TOP;
    }

    public double floor() {
        return HEIGHT - BOTTOM;
    }

    /// Whether cells that were not changed are drawn, dashed.
    public boolean besideOthers() {
        return !controls.isEmpty();
    }

    /// Only signals that the evidence has a figure of, and that were read at all.
    static List<EvidenceChart> all(Evidence evidence, String verdict) {
        return evidence.traces().stream().flatMap(traces -> traces.traces().stream()
                .filter(trace -> trace.cell().values().size() > 1)
                .flatMap(trace -> evidence.signals().stream().filter(signal -> signal.name().equals(trace.signal()))
                        .findFirst().map(signal -> new Drawing(trace, traces.cells(), signal).chart(verdict)).stream()))
                .toList();
    }

    /// The scales of one chart.
    private static final class Drawing {
        private final Evidence.Trace trace;
        private final int cells;
        private final Evidence.Signal signal;
        private final double roof;
        private final double longBefore;
        private final double longAfter;

        Drawing(Evidence.Trace trace, int cells, Evidence.Signal signal) {
            this.trace = trace;
            this.cells = cells;
            this.signal = signal;
            roof = roof(Math.max(most(trace.cell()), most(trace.others())));
            longBefore = Math.max(1, -trace.cell().seconds().stream().mapToLong(each -> each).min().orElse(0));
            longAfter = Math.max(1, trace.cell().seconds().stream().mapToLong(each -> each).max().orElse(0));
        }

        private static double most(Evidence.Line line) {
            return line.values().stream().mapToDouble(each -> each).max().orElse(0);
        }

        EvidenceChart chart(String verdict) {
            var z = String.format(Locale.ROOT, "z %+.1f", signal.zScore());
            var title = signal.name() + ", " + trace.unit();
            var bad = signal.zScore() >= 3;
            return new EvidenceChart(title, title + ": " + figure(signal.before()) + " before, "
                    + figure(signal.after()) + " since the change; " + z + "; over all signals: " + verdict, bad,
                    path(trace.cell(), false), path(trace.cell(), true),
                    path(trace.others(), false) + path(trace.others(), true), List.of(z), lines(),
                    time(longBefore) + " before", time(longAfter) + " since", rows());
        }

        /// One stroke over the points of a half; where there is one point, a dot.
        private String path(Evidence.Line line, boolean since) {
            var path = new StringBuilder();
            for (int i = 0; i < line.seconds().size(); i++) {
                long second = line.seconds().get(i);
                if (second >= 0 == since) {
                    path.append(path.isEmpty() ? 'M' : 'L').append(x(second)).append(' ')
                            .append(y(line.values().get(i)));
                }
            }
            return path.indexOf("L") < 0 && !path.isEmpty() ? path + "h0" : path.toString();
        }

        private double x(long second) {
            double half = (WIDTH - RIGHT - LEFT) / 2;
            double share = second < 0 ? 1 + second / longBefore : second / longAfter;
            return round((second < 0 ? LEFT : LEFT + half) + half * Math.clamp(share, 0, 1));
        }

        private double y(double value) {
            return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * Math.clamp(value / roof, 0, 1));
        }

        private List<SeriesChart.Line> lines() {
            var lines = new ArrayList<SeriesChart.Line>();
            for (int part = 0; part <= 2; part++) {
                lines.add(new SeriesChart.Line(y(roof * part / 2), figure(roof * part / 2)));
            }
            return lines;
        }

        private List<Row> rows() {
            var cell = bySecond(trace.cell());
            var others = bySecond(trace.others());
            return cell.entrySet().stream().map(each -> new Row(
                    (each.getKey() < 0 ? "−" : "+") + time(Math.abs(each.getKey())), figure(each.getValue()),
                    cells == 0 ? "" : Optional.ofNullable(others.get(each.getKey())).map(Drawing::figure).orElse("")))
                    .toList();
        }

        private static TreeMap<Long, Double> bySecond(Evidence.Line line) {
            var found = new TreeMap<Long, Double>();
            for (int i = 0; i < line.seconds().size(); i++) {
                found.put(line.seconds().get(i), line.values().get(i));
            }
            return found;
        }

        /// The least of 1, 2, 5 times a power of ten that is not below.
        private static double roof(double most) {
            if (most <= 0) {
                return 1;
            }
            double power = Math.pow(10, Math.floor(Math.log10(most)));
            for (double factor : new double[] {1, 2, 5}) {
                if (factor * power >= most) {
                    return factor * power;
                }
            }
            return 10 * power;
        }

        private static String figure(double value) {
            return value >= 1e6 ? "beyond" : new java.math.BigDecimal(value).round(new java.math.MathContext(3))
                    .stripTrailingZeros().toPlainString();
        }

        private static String time(double seconds) {
            return seconds < 120 ? Math.round(seconds) + " s" : Math.round(seconds / 60) + " min";
        }

        private static double round(double value) {
            return Math.round(value * 10) / 10.0;
        }
    }
}
