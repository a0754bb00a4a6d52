package cambium.simulation;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// A kind of trouble, and the most that a run sees of it, as a share of the times when it could come.
enum Fault {
    /// The coordinator's process dies between two steps.
    KILL(0.01),
    /// It stands still, often for longer than its lease lasts, and another one takes over.
    PAUSE(0.01),
    /// The machine of a coordinator sleeps: its count of elapsed time stands still, and its clock does not.
    MACHINE_SLEEPS(0.004),
    /// The clock of a coordinator's machine is set forward or back, by seconds, hours or a day, or set right again.
    CLOCK_SET(0.004),
    /// A person acts between two steps of it.
    INTERRUPT(0.02),
    STEP_FAILS(0.2),
    STEP_HANGS(0.1),
    /// The way back does not work on a cell, however often it is tried.
    NO_WAY_BACK(0.8),
    /// A driver says that a step worked, and it did nothing.
    STEP_LIES(0.1),
    /// A driver no longer knows a step that runs; asked many times while the step runs, so a share of each of them.
    STEP_FORGOTTEN(2.5),
    /// A driver does not answer, or does what it was asked and its answer is lost.
    ANSWER_LOST(0.1),
    LOOK_LOST(0.3),
    /// Looks come late, out of order and twice.
    LOOK_LATE(0.2),
    METRICS_GONE(0.3),
    UNREACHABLE(0.01),
    /// The repository does not answer or takes its time.
    CHANNEL_SLOW(0.5),
    /// Somebody changes a cell by hand, back to what it had before.
    DRIFT(0.006),
    /// A verdict bears the name of another attempt.
    WRONG_EVIDENCE(0.2),
    /// A result comes late, twice or from nowhere.
    STRAY_RESULT(0.1),
    /// The store does not answer, before or after it has done what it was asked.
    STORE_SILENT(0.01),
    /// The store is put back to a backup while no coordinator runs; what cells and drivers did since is done.
    STORE_GOES_BACK(0.02),
    /// The store is gone for a while, for everybody.
    STORE_DOWN(0.01),
    /// The store takes nothing for a while, as on a full disk; reading goes on.
    STORE_FULL(0.01),
    /// One coordinator cannot reach the store for a while.
    STORE_CUT(0.01),
    /// One coordinator cannot reach the drivers for a while.
    DRIVER_CUT(0.01),
    /// A driver cannot reach one cell for a while: what it shall begin there fails.
    CELL_CUT(0.01),
    /// The metrics of one cell cannot be read for a while.
    METRICS_CUT(0.01),
    /// A driver runs a step again by itself, later.
    STEP_TWICE(0.1),
    /// All cells serve errors for a while, whatever they run.
    OUTAGE_OF_ALL(0.02),
    /// A brake file lies in each data folder for a while.
    BRAKE_FILE(0.03),
    /// All coordinators are killed at once and start anew.
    RESTART_OF_ALL(0.02);

    final double most;

    Fault(double most) {
        this.most = most;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Fault of(String word) {
        return Arrays.stream(values()).filter(fault -> fault.word().equals(word)).findFirst().orElseThrow(() ->
                new IllegalArgumentException("'" + word + "' is no fault; known are "
                        + Arrays.stream(values()).map(Fault::word).collect(Collectors.joining(", "))));
    }
}
