package cambium.server.fleet.webhook;

import cambium.rollout.AttemptId;
import cambium.rollout.AttemptResult;
import cambium.server.fleet.StepOrder;
import cambium.server.fleet.StepProgress;
import cambium.server.fleet.handover.DriverFolders;
import cambium.server.fleet.handover.Handover;
import cambium.server.fleet.handover.Handover.Phase;
import cambium.server.fleet.handover.HandoverDriver;
import cambium.server.fleet.handover.Handovers;
import cambium.server.fleet.handover.OneLine;
import cambium.server.fleet.handover.Technology;
import cambium.server.fleet.handover.WebhookSpec;
import cambium.server.http.OutgoingPosts.Exchange;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Begins a run of a pipeline per attempt, and follows it by asking or by what it tells. That the start is asked for is
/// on record before it is, so a start whose answer was lost is searched for and never asked for again. No call waits
/// for the other side: at most 64 starts and 64 looks are under way, on threads of their own.
public final class WebhookCellDriver implements HandoverDriver, AutoCloseable {
    static final Duration GRACE = Duration.ofMinutes(5);
    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(5);
    private static final Duration LAST_REQUESTS = Duration.ofSeconds(10);
    private static final int MAX_EXCERPT_CHARACTERS = 300;
    private static final int MAX_RUN_CHARACTERS = 200;
    private static final int REQUEST_TIMEOUT = 408;
    private static final int TOO_MANY = 429;
    private static final int SERVER_ERRORS = 500;
    private static final String TOO_LATE = "its time to start was over";
    private static final Logger LOG = LoggerFactory.getLogger(WebhookCellDriver.class);

    private final Handovers handovers;
    private final DriverFolders folders;
    private final Runnable moved;
    private final InstantSource time;
    private final PipelineServers servers = new PipelineServers();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore starts = new Semaphore(PipelineServers.MAX_AT_ONCE);
    private final Semaphore looks = new Semaphore(PipelineServers.MAX_AT_ONCE);
    private final Set<AttemptId> busy = ConcurrentHashMap.newKeySet();
    private final Map<AttemptId, Instant> notBefore = new ConcurrentHashMap<>();
    private final Map<AttemptId, String> told = new ConcurrentHashMap<>();

    /// `moved` is called when a start was answered.
    public WebhookCellDriver(Handovers handovers, DriverFolders folders, Runnable moved, InstantSource time) {
        this.handovers = handovers;
        this.folders = folders;
        this.moved = moved;
        this.time = time;
    }

    private record Place(Path folder, WebhookSpec spec) {}

    private Optional<Place> place(StepOrder order) {
        return folders.named(order.driver()) instanceof DriverFolders.Named.Known(WebhookSpec spec, var folder)
                ? Optional.of(new Place(folder, spec)) : Optional.empty();
    }

    @Override
    public Taking start(StepOrder order) {
        if (handovers.take(order, Technology.WEBHOOK) == Taking.FENCED) {
            return Taking.FENCED;
        }
        var attempt = order.attempt();
        var taken = handovers.find(attempt).filter(each -> each.phase() instanceof Phase.Taken);
        if (taken.isEmpty() || busy.contains(attempt)) {
            return Taking.TAKEN;
        }
        if (time.instant().isAfter(order.startBefore())) {
            return refused(attempt, TOO_LATE + Optional.ofNullable(told.get(attempt)).map(": "::concat).orElse(""));
        }
        if (isEarly(attempt)) {
            throw new UncheckedIOException(new IOException(told.getOrDefault(attempt, "its pipeline is busy")));
        }
        var place = place(order);
        if (place.isEmpty()) {
            return refused(attempt, "driver '" + order.driver() + "' is no usable webhook driver: look at its "
                    + "driver.yaml");
        }
        try {
            var requests = new AttemptRequests(place.get().folder(), order, "");
            send(attempt, place.get().spec(), requests, requests.make(place.get().spec().start()));
        } catch (Unusable unusable) {
            return refused(attempt, "driver '" + order.driver() + "' cannot begin it: " + unusable.getMessage());
        }
        return Taking.TAKEN;
    }

    private Taking refused(AttemptId attempt, String reason) {
        handovers.endBeforeItsStart(attempt, new AttemptResult.Failed(reason));
        forget(attempt);
        return Taking.TAKEN;
    }

    /// Without a free place nothing is on record, and the coordinator comes again.
    private void send(AttemptId attempt, WebhookSpec spec, AttemptRequests requests, AttemptRequests.Ready ready) {
        if (!starts.tryAcquire()) {
            return;
        }
        var begun = false;
        try {
            busy.add(attempt);
            begun = handovers.send(attempt);
            if (begun) {
                threads.execute(() -> {
                    try {
                        begin(attempt, spec, requests, ready);
                    } catch (InterruptedException stopping) {
                        Thread.currentThread().interrupt();
                    } catch (RuntimeException broken) {
                        LOG.warn("fleet: the start of {} is not known to have taken: {}", attempt, broken.toString());
                    } finally {
                        busy.remove(attempt);
                        starts.release();
                        moved.run();
                    }
                });
            }
        } catch (RejectedExecutionException stopping) {
            handovers.unsend(attempt);
            begun = false;
        } finally {
            if (!begun) {
                busy.remove(attempt);
                starts.release();
            }
        }
    }

    private void begin(AttemptId attempt, WebhookSpec spec, AttemptRequests requests, AttemptRequests.Ready ready)
            throws InterruptedException {
        switch (servers.ask(spec, ready)) {
            case Exchange.NotSent(var reason) -> notBegun(attempt, "the pipeline's server is not reached: " + reason);
            case Exchange.Unknown(var reason) -> tell(attempt, "the answer to the start was lost: " + reason + "\n");
            case Exchange.Answered(var status, _) when status == TOO_MANY ->
                notBegun(attempt, "the pipeline's server asks for patience (429)");
            case Exchange.Answered(var status, var body) when PipelineServers.good(status) -> {
                var run = spec.run().flatMap(pointer -> Answers.text(Answers.tree(body), pointer))
                        .filter(name -> name.length() <= MAX_RUN_CHARACTERS);
                if (run.isPresent() || spec.find().isEmpty() && spec.callback().isPresent()) {
                    handovers.running(attempt, run.orElse(""));
                }
                tell(attempt, run.map(name -> "run " + name + "\n").orElse("asked for; its run is not known yet\n"));
            }
            case Exchange.Answered(var status, _) when status == REQUEST_TIMEOUT || status >= SERVER_ERRORS ->
                tell(attempt, "asked for; the pipeline's server answers " + status + "\n");
            case Exchange.Answered(var status, var body) -> {
                var said = OneLine.of(requests.withoutSecrets(new String(body, StandardCharsets.UTF_8)),
                        MAX_EXCERPT_CHARACTERS);
                handovers.end(attempt, new AttemptResult.Failed("the pipeline's server answers " + status
                        + (said.isEmpty() ? "" : ": " + said)));
            }
        }
    }

    private void notBegun(AttemptId attempt, String why) {
        tell(attempt, why);
        notBefore.put(attempt, time.instant().plus(BETWEEN_TRIES));
        handovers.unsend(attempt);
    }

    @Override
    public StepProgress progress(AttemptId attempt) {
        return handovers.find(attempt).map(taken -> handovers.settled(look(taken)))
                .orElseGet(StepProgress.Unknown::new);
    }

    @Override
    public Found look(Handover handover) {
        return switch (handover.phase()) {
            case Phase.Ended(var result) -> {
                forget(handover.order().attempt());
                yield new Found.Known(new StepProgress.Ended(result));
            }
            case Phase.Taken() -> new Found.Known(new StepProgress.Unknown());
            case Phase.Sent _, Phase.Running() when time.instant().isAfter(handover.deadline().plus(GRACE)) ->
                Found.over(handover, new AttemptResult.Lost("its pipeline did not say how it ended"));
            case Phase.Sent _, Phase.Running() -> {
                follow(handover);
                yield new Found.Known(new StepProgress.Running());
            }
        };
    }

    private void follow(Handover handover) {
        var attempt = handover.order().attempt();
        if (isEarly(attempt) || !looks.tryAcquire()) {
            return;
        }
        var place = place(handover.order());
        if (place.isEmpty() || !busy.add(attempt)) {
            looks.release();
            return;
        }
        threads.execute(() -> {
            try {
                var now = handover.phase() instanceof Phase.Sent ? handovers.find(attempt) : Optional.of(handover);
                if (now.isPresent() && isUnderWay(now.get()) && !isEarly(attempt)) {
                    look(now.get(), place.get());
                }
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException broken) {
                LOG.warn("fleet: the run of {} cannot be looked at: {}", attempt, broken.toString());
            } finally {
                busy.remove(attempt);
                looks.release();
            }
        });
    }

    /// The start may have been answered after it was read, and before this look had its turn.
    private static boolean isUnderWay(Handover handover) {
        return handover.phase() instanceof Phase.Sent || handover.phase() instanceof Phase.Running;
    }

    private void look(Handover handover, Place place) throws InterruptedException {
        var attempt = handover.order().attempt();
        var every = place.spec().poll().map(WebhookSpec.Poll::every).orElse(BETWEEN_TRIES);
        notBefore.put(attempt, time.instant().plus(every));
        tell(attempt, new RunLook(handovers, servers, time, place.folder(), place.spec()).look(handover));
    }

    private boolean isEarly(AttemptId attempt) {
        var next = notBefore.get(attempt);
        return next != null && time.instant().isBefore(next);
    }

    /// Kept as the attempt's log, when it is news.
    private void tell(AttemptId attempt, String text) {
        if (!text.isEmpty() && !text.equals(told.put(attempt, text))) {
            handovers.log(attempt, text);
        }
    }

    private void forget(AttemptId attempt) {
        notBefore.remove(attempt);
        told.remove(attempt);
    }

    @Override
    public Optional<InputStream> log(AttemptId attempt) {
        return handovers.log(attempt).map(text -> new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    /// What began is asked to end, and ends when the pipeline says so.
    @Override
    public boolean cancel(AttemptId attempt, String why) {
        if (handovers.endBeforeItsStart(attempt, new AttemptResult.Cancelled(why))) {
            return true;
        }
        var handover = handovers.find(attempt);
        if (handover.isEmpty() || handover.get().ended()) {
            return handover.isPresent();
        }
        if (place(handover.get().order()).flatMap(place -> place.spec().cancel()).isEmpty()) {
            return false;
        }
        if (handovers.cancel(attempt, why)) {
            notBefore.remove(attempt);
            handovers.find(attempt).ifPresent(this::look);
        }
        return true;
    }

    /// Starts that are under way are given time, so that their answers are not lost.
    @Override
    public void close() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(LAST_REQUESTS.toMillis(), TimeUnit.MILLISECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException stopping) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
        servers.close();
    }
}
