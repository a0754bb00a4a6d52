package cambium.server.fleet.source;

import cambium.rollout.Fleet;
import cambium.rollout.FleetCommand;
import cambium.rollout.FleetCommands;
import cambium.rollout.FleetEvent;
import cambium.rollout.FleetSpec;
import cambium.rollout.Scope;
import cambium.server.config.FleetGit;
import cambium.server.config.HeapDamage;
import cambium.server.fleet.Epoch;
import cambium.server.fleet.FleetStore;
import cambium.server.fleet.source.GitBranch.Content;
import cambium.server.fleet.source.GitProgram.Failed;
import cambium.server.fleet.source.SourceState.Refusal;
import cambium.server.fleet.source.SourceState.Seen;
import cambium.server.fleet.source.SourceState.State;
import cambium.server.fleet.yaml.FleetYaml;
import cambium.server.fleet.yaml.YamlProblem;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks at the branch now and then while this process coordinates, on a thread of its own, and applies what the file
/// at its head says by the command that people have for it. Everything is written under the epoch of the lease: a
/// process that has lost it while it fetched applies nothing. It is level-triggered: each look compares the head, the
/// fleet, and what was applied last.
public final class SourceWatch implements AutoCloseable {
    static final Duration SILENT_FOR = Duration.ofMinutes(10);
    private static final int MAX_TRIES = 64;
    private static final int MAX_MESSAGE = 2_000;
    /// Why the next ring waits for its part of a change; nobody need act.
    private static final Set<String> RESTS = Set.of("change_rests", "change_braked");
    private static final Logger LOG = LoggerFactory.getLogger(SourceWatch.class);

    private final Optional<FleetGit> git;
    private final Optional<GitBranch> branch;
    private final PostgresSource source;
    private final FleetStore store;
    private final Supplier<Optional<Epoch>> leading;
    private final SourceMeters meters;
    private final InstantSource time;
    private Optional<Thread> thread = Optional.empty();

    /// @param folder where it may leave what it fetches
    /// @param path where programs are looked for
    /// @param leading the epoch of the lease while this process coordinates
    public SourceWatch(Optional<FleetGit> git, Path folder, String path, PostgresSource source, FleetStore store,
            Supplier<Optional<Epoch>> leading, SourceMeters meters, InstantSource time) {
        this.git = git;
        this.branch = git.map(settings -> new GitBranch(settings, folder, path));
        this.source = source;
        this.store = store;
        this.leading = leading;
        this.meters = meters;
        this.time = time;
    }

    public synchronized void start() {
        if (thread.isEmpty()) {
            thread = Optional.of(Thread.ofVirtual().name("fleet-source").start(this::run));
        }
    }

    private void run() {
        try {
            while (true) {
                // Whether this process leads is looked at each second, since it costs nothing.
                var pause = leading.get().isPresent() && looked() ? git.map(FleetGit::every)
                        .orElse(Duration.ofMinutes(1)) : Duration.ofSeconds(1);
                Thread.sleep(pause);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean looked() throws InterruptedException {
        try {
            look();
        } catch (RuntimeException | VirtualMachineError | LinkageError failed) {
            HeapDamage.note(failed);
            LOG.warn("fleet: the source could not be followed: {}", failed.toString());
        }
        return true;
    }

    /// One look; nothing where this process does not coordinate.
    void look() throws InterruptedException {
        var epoch = leading.get();
        if (epoch.isEmpty()) {
            meters.told(Optional.empty());
            return;
        }
        if (source.follow(epoch.get(), git)) {
            LOG.info("fleet: {}", git.map(settings -> "follows " + settings).orElse("follows no repository any more"));
        }
        if (branch.isPresent()) {
            look(epoch.get(), branch.get());
        }
        meters.told(Optional.of(source.state()));
    }

    private void look(Epoch epoch, GitBranch from) throws InterruptedException {
        try {
            var known = source.state();
            var head = from.head();
            if (known.seen().filter(seen -> seen.commit().equals(head)).isEmpty()) {
                source.seen(epoch, seen(known, from.fetch()));
            }
            source.looked(epoch, time.instant());
        } catch (Failed failed) {
            source.troubled(epoch, failed.getMessage(), time.instant());
            callForSilence(epoch);
        }
        // Also of what was seen before: the fleet may have changed since.
        source.state().seen().ifPresent(seen -> compare(epoch, seen));
    }

    private Seen seen(SourceState known, GitBranch.Head head) {
        var contains = known.applied().map(applied -> applied.commit().equals(head.commit())
                || head.before().contains(applied.commit())).orElse(true);
        LOG.info("fleet: {} is at {} of {}", branchName(), head.commit(), head.author());
        return switch (head.file()) {
            case Content.Bytes(var bytes) -> new Seen(head.commit(), time.instant(), head.author(), contains,
                    Optional.of(bytes), Optional.empty());
            case Content.None(var code, var why) -> new Seen(head.commit(), time.instant(), head.author(), contains,
                    Optional.empty(), Optional.of(new Refusal(code, why)));
        };
    }

    private String branchName() {
        return git.orElseThrow().branch();
    }

    private void compare(Epoch epoch, Seen seen) {
        if (seen.content().isEmpty()) {
            tell(epoch, seen, State.REFUSED, seen.refusal().orElseThrow());
            return;
        }
        switch (FleetYaml.read(seen.content().get())) {
            case FleetYaml.Reading.Refused(var problems) -> tell(epoch, seen, State.REFUSED,
                    new Refusal(problems.getFirst().code(), problems.stream().map(YamlProblem::sentence)
                            .collect(Collectors.joining("; "))));
            case FleetYaml.Reading.Read(var spec) -> compare(epoch, seen, spec);
        }
    }

    private void compare(Epoch epoch, Seen seen, FleetSpec spec) {
        for (var i = 0; i < MAX_TRIES; i++) {
            var snapshot = store.load();
            var stands = standing(snapshot.fleet(), seen, spec);
            if (stands.isPresent()) {
                tell(epoch, seen, stands.get().state(), stands.get().refusal());
                return;
            }
            var by = FollowedCommit.name(branchName(), seen.commit());
            var step = FollowedCommit.step(snapshot.fleet(), spec, Optional.empty());
            switch (FleetCommands.decide(snapshot.fleet(), step, by, time.instant())) {
                case FleetCommand.Answer.Refused(var code, var text) when RESTS.contains(code) -> {
                    source.stands(epoch, State.STAGED, Optional.of(new Refusal(code, text)), time.instant());
                    return;
                }
                case FleetCommand.Answer.Refused(var code, var text) -> {
                    tell(epoch, seen, State.REFUSED, new Refusal(code, code.equals("large_change") ? text
                            + ": cambium source apply " + GitBranch.brief(seen.commit()) + " --large-change REASON"
                            : text));
                    return;
                }
                case FleetCommand.Answer.Accepted(var events) -> {
                    if (events.isEmpty()
                            || store.commit(epoch, snapshot.revision(), events, List.of()) == FleetStore.Commit.DONE) {
                        applied(seen, by, events);
                        if (step.through().isEmpty()) {
                            return;
                        }
                    }
                    if (leading.get().filter(epoch::equals).isEmpty()) {
                        return;
                    }
                }
            }
        }
    }

    private record Held(State state, Refusal refusal) {}

    /// Why the head is not applied although the fleet might take it.
    private Optional<Held> standing(Fleet fleet, Seen seen, FleetSpec spec) {
        if (fleet.spec().isEmpty() || fleet.spec().get().equals(spec)) {
            return Optional.empty();
        }
        var applied = source.state().applied();
        var look = "; look at it with: cambium source; take it with: cambium source apply "
                + GitBranch.brief(seen.commit());
        if (applied.flatMap(last -> FollowedCommit.spec(last.content())).filter(fleet.spec().get()::equals).isEmpty()) {
            return Optional.of(new Held(State.DRIFTED, new Refusal("drifted", (applied.isEmpty()
                    ? "the fleet was declared by hand before it followed " : "the fleet was changed by hand and is no "
                    + "longer what it took from ") + branchName()
                    + ", and the file says something else" + look)));
        }
        return seen.containsApplied() ? Optional.empty() : Optional.of(new Held(State.REWRITTEN,
                new Refusal("rewritten", "the commit that the fleet took last, " + GitBranch.brief(applied.orElseThrow()
                .commit()) + ", is not among the newest " + GitBranch.MAX_COMMITS + " of " + branchName()
                + ": the branch was rewritten, or went far ahead" + look)));
    }

    /// What was taken is the file where nothing of it is left, else the fleet that a part of it has made.
    private void applied(Seen seen, String by, List<FleetEvent> events) {
        var part = events.stream().flatMap(event -> event instanceof FleetEvent.FleetApplied(_, _, var taken, _,
                var through) && through.isPresent() ? Stream.of(taken) : Stream.empty()).findAny();
        if (part.isPresent()) {
            source.appliedPart(seen.commit(), FleetYaml.write(part.get()), by, time.instant());
        } else {
            source.applied(seen.commit(), seen.content().orElseThrow(), events.isEmpty() ? "nobody: it was so already"
                    : by, time.instant());
        }
        if (!events.isEmpty()) {
            LOG.info("fleet: applied {}", by);
        }
    }

    /// Written each time, said and paged once.
    private void tell(Epoch epoch, Seen seen, State state, Refusal refusal) {
        var brief = new Refusal(refusal.code(), refusal.message().substring(0,
                Math.min(MAX_MESSAGE, refusal.message().length())));
        source.stands(epoch, state, Optional.of(brief), time.instant());
        call(epoch, "source:" + refusal.code() + ":" + seen.commit(), "commit " + GitBranch.brief(seen.commit())
                + " of " + branchName() + " by " + seen.author() + " is not applied: " + brief.message());
    }

    private void callForSilence(Epoch epoch) {
        source.state().trouble().filter(trouble -> trouble.since().plus(SILENT_FOR).isBefore(time.instant()))
                .ifPresent(trouble -> call(epoch, "source:silent:" + trouble.since(), "the repository that the fleet "
                        + "follows has not answered for " + SILENT_FOR.toMinutes() + " min: " + trouble.why()));
    }

    private void call(Epoch epoch, String key, String text) {
        for (var i = 0; i < MAX_TRIES && leading.get().filter(epoch::equals).isPresent(); i++) {
            var snapshot = store.load();
            if (snapshot.fleet().pages().containsKey(key)) {
                return;
            }
            var page = new FleetEvent.PageRaised(time.instant(), key, new Scope.FleetWide(), text);
            if (store.commit(epoch, snapshot.revision(), List.of(page), List.of()) == FleetStore.Commit.DONE) {
                LOG.warn("fleet: {}", text);
                return;
            }
        }
    }

    @Override
    public void close() {
        thread.ifPresent(Thread::interrupt);
    }
}
