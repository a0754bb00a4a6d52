package cambium.server.fleet.kubernetes;

import cambium.rollout.AttemptId;
import cambium.rollout.AttemptResult;
import cambium.server.fleet.StepOrder;
import cambium.server.fleet.process.StepEnvironment;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// The Job of one attempt: its name, what it is marked with, and what its state says. The name is derived from the
/// attempt, so that a second create is refused by the cluster itself.
final class AttemptJob {
    static final String CELL = "cambium.dev/cell";
    static final String ATTEMPT = "cambium.dev/attempt";
    static final String EPOCH = "cambium.dev/epoch";
    static final int KEPT_SECONDS = 3_600;
    private static final int MAX_READABLE_CHARACTERS = 40;
    private static final int DIGEST_CHARACTERS = 12;

    private AttemptJob() {}

    /// At most 63 characters of `[a-z0-9-]`; the digest tells attempts apart whose readable part is cut.
    static String name(AttemptId attempt) {
        var readable = attempt.toString().replace('.', '-');
        var cut = readable.substring(0, Math.min(readable.length(), MAX_READABLE_CHARACTERS));
        try {
            var digest = MessageDigest.getInstance("SHA-256")
                    .digest(attempt.toString().getBytes(StandardCharsets.UTF_8));
            return "cambium-" + cut + "-" + HexFormat.of().formatHex(digest).substring(0, DIGEST_CHARACTERS);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    /// The administrator's Job with what makes it this attempt's: it runs at most one pod to its end, within the
    /// step's time, and the order stands in the environment of its containers. Nothing of the order goes anywhere else.
    static Job of(Job template, StepOrder order) {
        if (template == null || template.getSpec() == null || template.getSpec().getTemplate() == null
                || template.getSpec().getTemplate().getSpec() == null
                || template.getSpec().getTemplate().getSpec().getContainers().isEmpty()) {
            throw new IllegalArgumentException("a Job with a container in spec.template.spec is expected");
        }
        var job = new JobBuilder(template)
                .editOrNewMetadata().withName(name(order.attempt())).withNamespace(null)
                .addToLabels(CELL, order.cell().toString())
                .addToAnnotations(ATTEMPT, order.attempt().toString())
                .addToAnnotations(EPOCH, Long.toString(order.epoch().number())).endMetadata()
                .editOrNewSpec().withBackoffLimit(0).withParallelism(1).withCompletions(1)
                .withActiveDeadlineSeconds(Math.max(1, order.timeout().toSeconds()))
                .editOrNewTemplate().editOrNewSpec().withRestartPolicy("Never").endSpec().endTemplate()
                .endSpec().build();
        if (job.getSpec().getTtlSecondsAfterFinished() == null) {
            job.getSpec().setTtlSecondsAfterFinished(KEPT_SECONDS);
        }
        var facts = StepEnvironment.facts(order).entrySet().stream().map(fact -> new EnvVarBuilder()
                .withName(fact.getKey()).withValue(literal(fact.getValue())).build()).toList();
        for (var container : job.getSpec().getTemplate().getSpec().getContainers()) {
            var all = new ArrayList<EnvVar>(container.getEnv());
            all.addAll(facts);
            container.setEnv(all);
        }
        return job;
    }

    /// Kubernetes would put other variables in where it reads `$(NAME)`.
    private static String literal(String value) {
        return value.replace("$(", "$$(");
    }

    static boolean belongsTo(Job job, AttemptId attempt) {
        return attempt.toString().equals(annotation(job, ATTEMPT));
    }

    static long epoch(Job job) {
        var text = annotation(job, EPOCH);
        return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
    }

    private static String annotation(Job job, String name) {
        var annotations = job.getMetadata().getAnnotations();
        return annotations == null ? "" : annotations.getOrDefault(name, "");
    }

    /// How it ended, once the cluster says so.
    static Optional<AttemptResult> result(Job job, String lastLine) {
        List<JobCondition> conditions = job.getStatus() == null || job.getStatus().getConditions() == null
                ? List.of() : job.getStatus().getConditions();
        for (var condition : conditions) {
            if (!"True".equals(condition.getStatus())) {
                continue;
            }
            if ("Complete".equals(condition.getType())) {
                return Optional.of(new AttemptResult.Succeeded());
            }
            if ("Failed".equals(condition.getType())) {
                return Optional.of("DeadlineExceeded".equals(condition.getReason()) ? new AttemptResult.TimedOut()
                        : new AttemptResult.Failed(reason(condition, lastLine)));
            }
        }
        return Optional.empty();
    }

    private static String reason(JobCondition condition, String lastLine) {
        var cause = condition.getMessage() == null ? String.valueOf(condition.getReason()) : condition.getMessage();
        return lastLine.isEmpty() ? cause : cause + ": " + lastLine;
    }
}
