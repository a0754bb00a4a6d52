package cambium.server.fleet.kubernetes;

import cambium.rollout.AttemptId;
import cambium.rollout.AttemptResult;
import cambium.server.fleet.StepOrder;
import cambium.server.fleet.StepProgress;
import cambium.server.fleet.handover.DriverFolders;
import cambium.server.fleet.handover.DriverSpec;
import cambium.server.fleet.handover.Handover;
import cambium.server.fleet.handover.Handover.Phase;
import cambium.server.fleet.handover.HandoverDriver;
import cambium.server.fleet.handover.Handovers;
import cambium.server.fleet.handover.OneLine;
import cambium.server.fleet.handover.Technology;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.ScalableResource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/// Runs a Job per attempt in the cluster that the driver's folder names, made from a file of the machine's
/// administrator. The cluster ends it in time and clears it away. What ended is noted with its log at once; a Job that
/// is gone before that is lost, and so is one whose cluster says nothing long after its time.
public final class KubernetesCellDriver implements HandoverDriver, AutoCloseable {
    static final Duration GRACE = Duration.ofMinutes(5);
    private static final int MAX_TEMPLATE_BYTES = 1 << 18;
    private static final int MAX_LOG_BYTES = 1 << 18;
    private static final int MAX_LINE_CHARACTERS = 300;
    private static final int CONFLICT = 409;
    private static final Set<Integer> FINAL_REFUSALS = Set.of(400, 403, 404, 422);
    private static final String TOO_LATE = "its time to start was over";

    private final Handovers handovers;
    private final DriverFolders folders;
    private final Clusters clusters;
    private final Silence silence;
    private final InstantSource time;

    public KubernetesCellDriver(Handovers handovers, DriverFolders folders, InstantSource time) {
        this(handovers, folders, new Clusters(), new Silence(Silence.REST), time);
    }

    KubernetesCellDriver(Handovers handovers, DriverFolders folders, Clusters clusters, Silence silence,
            InstantSource time) {
        this.handovers = handovers;
        this.folders = folders;
        this.clusters = clusters;
        this.silence = silence;
        this.time = time;
    }

    /// Where an attempt's Job is.
    private record Place(KubernetesClient client, String namespace, DriverFolders.Named.Known driver,
            DriverSpec.Kubernetes spec) {
        ScalableResource<Job> job(AttemptId attempt) {
            return client.batch().v1().jobs().inNamespace(namespace).withName(AttemptJob.name(attempt));
        }

        URI cluster() {
            return URI.create(client.getMasterUrl().toString());
        }

        String host() {
            return cluster().getAuthority();
        }

        void knock() {
            client.raw("/version");
        }

        KubernetesClientException explained(KubernetesClientException silent) {
            return Clusters.explained(silent, cluster());
        }
    }

    private <T> T ask(Place place, Supplier<T> question) {
        return silence.ask(place.host(), place::knock, question);
    }

    private Optional<Place> place(StepOrder order) {
        if (folders.named(order.driver()) instanceof DriverFolders.Named.Known known
                && known.spec() instanceof DriverSpec.Kubernetes spec) {
            return spec.namespaceOf(order.settings()).map(namespace ->
                    new Place(clusters.of(known.folder(), spec), namespace, known, spec));
        }
        return Optional.empty();
    }

    @Override
    public Taking start(StepOrder order) {
        if (handovers.take(order, Technology.KUBERNETES) == Taking.FENCED) {
            return Taking.FENCED;
        }
        var taken = handovers.find(order.attempt()).filter(each -> each.phase() instanceof Phase.Taken);
        if (taken.isEmpty()) {
            return Taking.TAKEN;
        }
        var place = place(order);
        if (place.isEmpty()) {
            return refused(order, "driver '" + order.driver() + "' is no usable Kubernetes driver for this cell: look "
                    + "at its driver.yaml, and at the cell's setting 'namespace'");
        }
        try {
            return ask(place.get(), () -> begin(order, place.get()));
        } catch (KubernetesClientException silent) {
            throw place.get().explained(silent);
        }
    }

    private Taking begin(StepOrder order, Place place) {
        if (time.instant().isAfter(order.startBefore()) && place.job(order.attempt()).get() == null) {
            return refused(order, TOO_LATE);
        }
        var others = place.client().batch().v1().jobs().inNamespace(place.namespace())
                .withLabel(AttemptJob.CELL, order.cell().toString()).list().getItems();
        if (others.stream().anyMatch(job -> AttemptJob.epoch(job) > order.epoch().number())) {
            return Taking.FENCED;
        }
        return create(order, place);
    }

    private Taking refused(StepOrder order, String reason) {
        handovers.end(order.attempt(), new AttemptResult.Failed(reason));
        return Taking.TAKEN;
    }

    /// A refusal by the cluster ends the attempt; a cluster that cannot be reached is asked again.
    private Taking create(StepOrder order, Place place) {
        Job wanted;
        try {
            wanted = AttemptJob.of(template(place), order);
        } catch (IOException | IllegalArgumentException | KubernetesClientException unusable) {
            return refused(order, "the job of driver '" + order.driver() + "' cannot be used: "
                    + unusable.getMessage());
        }
        try {
            place.client().batch().v1().jobs().inNamespace(place.namespace()).resource(wanted).create();
        } catch (KubernetesClientException refusal) {
            if (refusal.getCode() == CONFLICT) {
                var there = place.job(order.attempt()).get();
                if (there != null && !AttemptJob.belongsTo(there, order.attempt())) {
                    return refused(order, "a job " + AttemptJob.name(order.attempt()) + " of somebody else is there");
                }
            } else if (FINAL_REFUSALS.contains(refusal.getCode())) {
                return refused(order, "the cluster refuses the job: " + refusal.getMessage());
            } else {
                throw refusal;
            }
        }
        handovers.running(order.attempt(), place.namespace() + "/" + AttemptJob.name(order.attempt()));
        return Taking.TAKEN;
    }

    private static Job template(Place place) throws IOException {
        var file = place.driver().folder().resolve(place.spec().job());
        try (var in = Files.newInputStream(file)) {
            return place.client().getKubernetesSerialization().unmarshal(
                    new ByteArrayInputStream(in.readNBytes(MAX_TEMPLATE_BYTES)), Job.class);
        }
    }

    @Override
    public StepProgress progress(AttemptId attempt) {
        return handovers.find(attempt).map(taken -> handovers.settled(look(taken)))
                .orElseGet(StepProgress.Unknown::new);
    }

    /// Clusters are asked side by side: several that say nothing are waited for together.
    @Override
    public Map<AttemptId, Supplier<Found>> looks(Collection<Handover> handed) {
        var found = new HashMap<AttemptId, CompletableFuture<Found>>();
        var ofCluster = new HashMap<String, List<Handover>>();
        for (var handover : handed) {
            found.put(handover.order().attempt(), new CompletableFuture<>());
            ofCluster.computeIfAbsent(place(handover.order()).map(Place::host).orElse(""), _ -> new ArrayList<>())
                    .add(handover);
        }
        ofCluster.values().forEach(some -> Thread.startVirtualThread(() -> some.forEach(handover ->
                look(handover, found.get(handover.order().attempt())))));
        var looks = new HashMap<AttemptId, Supplier<Found>>();
        found.forEach((attempt, looked) -> looks.put(attempt, () -> awaited(looked)));
        return looks;
    }

    private void look(Handover handover, CompletableFuture<Found> found) {
        try {
            found.complete(look(handover));
        } catch (RuntimeException | Error failed) {
            found.completeExceptionally(failed);
        }
    }

    private static Found awaited(CompletableFuture<Found> looked) {
        try {
            return looked.join();
        } catch (CompletionException failed) {
            throw failed.getCause() instanceof RuntimeException trouble ? trouble : failed;
        }
    }

    @Override
    public Found look(Handover handover) {
        if (handover.phase() instanceof Phase.Ended(var result)) {
            return new Found.Known(new StepProgress.Ended(result));
        }
        var attempt = handover.order().attempt();
        var overdue = time.instant().isAfter(handover.deadline().plus(GRACE));
        try {
            var place = place(handover.order());
            var job = place.map(known -> ask(known, () -> known.job(attempt).get()));
            if (job.isEmpty()) {
                return handover.phase() instanceof Phase.Taken && !overdue
                        ? new Found.Known(new StepProgress.Unknown())
                        : Found.over(handover, new AttemptResult.Lost("its job is gone from the cluster"));
            }
            if (AttemptJob.result(job.get(), "").isPresent()) {
                var log = log(place.get(), attempt);
                return new Found.Over(new Handovers.End(attempt, AttemptJob.result(job.get(), lastLine(log))
                        .orElseThrow(), log));
            }
        } catch (KubernetesClientException silent) {
            if (!overdue) {
                throw place(handover.order()).map(place -> place.explained(silent)).orElse(silent);
            }
        }
        return overdue ? Found.over(handover, new AttemptResult.Lost("the cluster did not say how it ended"))
                : new Found.Known(new StepProgress.Running());
    }

    /// A log that cannot be had is not worth the result. It is asked for by its address, since the client's own way to
    /// it watches a pod that is not ready for five seconds first.
    private String log(Place place, AttemptId attempt) {
        try {
            return ask(place, () -> logs(place, attempt));
        } catch (KubernetesClientException unavailable) {
            return "[the log could not be read: " + unavailable.getMessage() + "]\n";
        }
    }

    private static String logs(Place place, AttemptId attempt) {
        var text = new StringBuilder();
        for (var pod : place.client().pods().inNamespace(place.namespace())
                .withLabel("job-name", AttemptJob.name(attempt)).list().getItems()) {
            text.append(place.client().raw("/api/v1/namespaces/" + place.namespace() + "/pods/"
                    + pod.getMetadata().getName() + "/log?limitBytes=" + MAX_LOG_BYTES));
        }
        return text.toString();
    }

    private static String lastLine(String log) {
        var lines = log.lines().filter(line -> !line.isBlank()).toList();
        return lines.isEmpty() ? "" : OneLine.of(lines.getLast(), MAX_LINE_CHARACTERS);
    }

    @Override
    public Optional<InputStream> log(AttemptId attempt) {
        return handovers.find(attempt).flatMap(handover -> handover.ended() ? handovers.log(attempt)
                : place(handover.order()).map(place -> log(place, attempt)))
                .map(text -> new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    /// Asks first how it is: a Job that was faster has succeeded. Then the Job goes with its pod.
    @Override
    public boolean cancel(AttemptId attempt, String why) {
        var handover = handovers.find(attempt);
        if (handover.isEmpty()) {
            return false;
        }
        if (handovers.settled(look(handover.get())) instanceof StepProgress.Ended) {
            return true;
        }
        place(handover.get().order()).ifPresent(place -> {
            handovers.log(attempt, log(place, attempt));
            ask(place, () -> place.job(attempt).withPropagationPolicy(DeletionPropagation.BACKGROUND).delete());
        });
        handovers.end(attempt, new AttemptResult.Cancelled(why));
        return true;
    }

    @Override
    public void close() {
        silence.close();
        clusters.close();
    }
}
