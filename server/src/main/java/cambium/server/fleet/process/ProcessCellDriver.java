package cambium.server.fleet.process;

import cambium.rollout.AttemptId;
import cambium.rollout.AttemptResult;
import cambium.server.fleet.CellDriver;
import cambium.server.fleet.StepOrder;
import cambium.server.fleet.StepProgress;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Runs `<drivers>/<driver>/<step>` on this machine for every step, in a session of its own, so that the step and the
/// record of its end outlive the server. An attempt runs at most once: `run-step.sh` claims its folder first.
/// A step that leaves a service running must redirect that service's output and start it in a session of its own.
/// The environment is exactly what [StepEnvironment] makes; no shell ever sees a value of an order.
public final class ProcessCellDriver implements CellDriver {
    /// Between the polite and the hard end of a step that is over its time.
    static final Duration GRACE = Duration.ofSeconds(10);
    static final int MAX_SPAWNS = 3;
    /// No setsid (2), no right to run it (13), or too much said in the order (7). All else passes and says
    /// nothing of the version: no more processes, memory or files, which Java may word as a bad file descriptor.
    private static final Pattern NEVER = Pattern.compile("error[:=] ?(2|7|13)\\b");
    private static final int STARTS_PER_CLEANING = 500;

    private final Path drivers;
    private final Path attempts;
    private final StepEnvironment environment;
    private final Path script;
    private final Fences fences;
    private final Duration grace;
    private final Runnable ended;
    private final Map<AttemptId, Spawn> spawned = new HashMap<>();
    private int starts;

    private record Spawn(Process process, int count) {}

    /// `drivers` is looked at for each step anew; `attempts` is created. `environment` gives PATH and HOME. `ended` is
    /// called when a step begun here is over; steps begun by an earlier process are only found by asking.
    public ProcessCellDriver(Path drivers, Path attempts, StepEnvironment environment, Runnable ended) {
        this(drivers, attempts, environment, GRACE, ended);
    }

    ProcessCellDriver(Path drivers, Path attempts, StepEnvironment environment, Duration grace, Runnable ended) {
        this.grace = grace;
        this.drivers = drivers.toAbsolutePath();
        this.attempts = attempts.toAbsolutePath();
        this.environment = environment;
        this.ended = ended;
        try {
            Files.createDirectories(this.attempts);
            this.script = install(this.attempts);
            this.fences = new Fences(this.attempts);
            OldAttempts.forget(this.attempts, changed(script));
        } catch (IOException unusable) {
            throw new UncheckedIOException("the folder of attempts cannot be used: " + this.attempts, unusable);
        }
    }

    @Override
    public synchronized Taking start(StepOrder order) {
        var folder = folder(order.attempt());
        try {
            if (!fences.passes(order.cell(), order.epoch())) {
                return Taking.FENCED;
            }
            Files.createDirectories(folder.path());
            if (++starts % STARTS_PER_CLEANING == 0) {
                OldAttempts.forget(attempts, changed(folder.path()));
            }
            if (!(folder.standing() instanceof AttemptFolder.Standing.Untouched)) {
                spawned.remove(order.attempt());
                return Taking.TAKEN;
            }
            var executable = drivers.resolve(order.driver()).resolve(order.step().word());
            if (!executable.normalize().startsWith(drivers) || !Files.isExecutable(executable)
                    || !Files.isRegularFile(executable)) {
                folder.refuse("driver '" + order.driver() + "' cannot run this step: expected an executable at "
                        + executable);
                return Taking.TAKEN;
            }
            spawn(folder, executable, order);
            return Taking.TAKEN;
        } catch (IOException failed) {
            throw new UncheckedIOException("attempt " + order.attempt() + " cannot be begun yet: "
                    + failed.getMessage(), failed);
        }
    }

    /// A spawned claimer that ended without a claim met a broken machine; a few of them, and the attempt is refused.
    private void spawn(AttemptFolder folder, Path executable, StepOrder order) throws IOException {
        var before = Optional.ofNullable(spawned.get(order.attempt()));
        if (before.filter(spawn -> spawn.process().isAlive()).isPresent()) {
            return;
        }
        var count = before.map(Spawn::count).orElse(0);
        if (count == MAX_SPAWNS) {
            folder.refuse("the step could not be begun on this machine: "
                    + folder.small("begin.err").orElse("no reason given").strip());
            spawned.remove(order.attempt());
            return;
        }
        var limit = Math.max(1, order.timeout().toSeconds());
        var command = List.of("setsid", "/bin/sh", script.toString(), folder.path().toString(),
                Long.toString(limit), Long.toString(grace.toSeconds()), executable.toString(),
                Long.toString(order.startBefore().getEpochSecond()), fences.file(order.cell()).toString(),
                Long.toString(order.epoch().number()));
        var builder = new ProcessBuilder(command)
                .directory(folder.path().toFile())
                .redirectInput(new File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(folder.path().resolve("begin.err").toFile());
        builder.environment().clear();
        builder.environment().putAll(environment.of(order));
        try {
            var process = builder.start();
            process.onExit().thenRun(ended);
            spawned.put(order.attempt(), new Spawn(process, count + 1));
        } catch (IOException noProcess) {
            var reason = String.valueOf(noProcess.getMessage());
            if (!NEVER.matcher(reason).find()) {
                throw new IOException("this machine has no file descriptors, processes or memory left for it ("
                        + reason + ")", noProcess);
            }
            folder.refuse("no process could be begun on this machine: " + reason.lines().findFirst().orElse(""));
        }
    }

    @Override
    public StepProgress progress(AttemptId attempt) {
        var folder = folder(attempt);
        return switch (folder.standing()) {
            case AttemptFolder.Standing.Untouched() -> new StepProgress.Unknown();
            case AttemptFolder.Standing.Running() -> new StepProgress.Running();
            case AttemptFolder.Standing.Refused _ when folder.cancelled().isPresent() ->
                ended(new AttemptResult.Cancelled(folder.cancelled().get()));
            case AttemptFolder.Standing.Refused(var reason) -> ended(new AttemptResult.Failed(reason));
            case AttemptFolder.Standing.Lost() ->
                ended(new AttemptResult.Lost("its process is gone and left no exit code"));
            case AttemptFolder.Standing.Ended(var code, _) when code == 0 -> ended(new AttemptResult.Succeeded());
            case AttemptFolder.Standing.Ended(_, _) when folder.cancelled().isPresent() ->
                ended(new AttemptResult.Cancelled(folder.cancelled().get()));
            case AttemptFolder.Standing.Ended(_, var timedOut) when timedOut -> ended(new AttemptResult.TimedOut());
            case AttemptFolder.Standing.Ended(var code, _) -> ended(new AttemptResult.Failed(failure(folder, code)));
        };
    }

    private static String failure(AttemptFolder folder, int code) {
        var said = folder.lastLogLine();
        return "exit code " + code + (said.isEmpty() ? ", no output" : ": " + said);
    }

    private static StepProgress ended(AttemptResult result) {
        return new StepProgress.Ended(result);
    }

    @Override
    public Optional<InputStream> log(AttemptId attempt) {
        try {
            var folder = folder(attempt);
            if (folder.standing() instanceof AttemptFolder.Standing.Refused(var reason)) {
                return Optional.of(new ByteArrayInputStream((reason + "\n").getBytes(StandardCharsets.UTF_8)));
            }
            return folder.log();
        } catch (IOException unreadable) {
            throw new UncheckedIOException("the log of attempt " + attempt + " cannot be read", unreadable);
        }
    }

    /// The note comes before the signal: a step that is about to begin looks for it once it can be signalled.
    @Override
    public synchronized boolean cancel(AttemptId attempt, String why) {
        var folder = folder(attempt);
        try {
            if (!Files.isDirectory(folder.path())) {
                return false;
            }
            if (folder.standing() instanceof AttemptFolder.Standing.Untouched) {
                spawned.remove(attempt);
                folder.noteCancelled(why);
                if (folder.refuse("cancelled: " + why)) {
                    return true;
                }
            }
            if (folder.standing() instanceof AttemptFolder.Standing.Running) {
                folder.noteCancelled(why);
                folder.child().ifPresent(StepProcess::end);
            }
            return true;
        } catch (IOException failed) {
            throw new UncheckedIOException("attempt " + attempt + " cannot be cancelled", failed);
        }
    }

    /// By the file system's own clock, against which the age of files is told.
    private static Instant changed(Path fresh) throws IOException {
        return Files.getLastModifiedTime(fresh).toInstant();
    }

    private AttemptFolder folder(AttemptId attempt) {
        var folder = attempts.resolve(attempt.toString());
        if (!attempts.equals(folder.normalize().getParent())) {
            throw new IllegalStateException("an attempt's id is not a file name: " + attempt);
        }
        return new AttemptFolder(folder);
    }

    /// Under a name made of its content, so that steps of an older server keep the script they run.
    private static Path install(Path attempts) throws IOException {
        try (var in = ProcessCellDriver.class.getResourceAsStream("run-step.sh")) {
            if (in == null) {
                throw new IllegalStateException("run-step.sh is not in the program");
            }
            var text = in.readAllBytes();
            var script = attempts.resolve(".run-step-" + Integer.toHexString(Arrays.hashCode(text)) + ".sh");
            var fresh = Files.createTempFile(attempts, ".run-step", ".new");
            Files.write(fresh, text);
            Files.move(fresh, script, StandardCopyOption.ATOMIC_MOVE);
            return script;
        } catch (AtomicMoveNotSupportedException impossible) {
            throw new IllegalStateException("a rename within one folder must be atomic", impossible);
        }
    }
}
