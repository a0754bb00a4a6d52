package cambium.server.fleet.kubernetes;

import cambium.rollout.AttemptId;
import cambium.server.testing.Eventually;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.fabric8.kubernetes.client.server.mock.KubernetesMixedDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.ServerRequest;
import io.fabric8.mockwebserver.ServerResponse;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;

/// An API server without controllers, and a Job controller played beside it: each Job gets one pod, whose image says
/// how it goes. A Job that was deleted takes its pod along.
final class PlayedApiServer implements AutoCloseable {
    static final String NAMESPACE = "storefront";
    private static final Logger CHATTER = Logger.getLogger(MockWebServer.class.getName());

    private final KubernetesMockServer server;
    private final KubernetesClient client;
    private final Set<String> begun = new HashSet<>();
    private final Map<String, Integer> runs = new HashMap<>();
    private final Thread thread = Thread.ofVirtual().unstarted(this::run);
    private volatile boolean open = true;
    private volatile boolean released;

    PlayedApiServer() throws Exception {
        CHATTER.setLevel(Level.WARNING);
        Map<ServerRequest, Queue<ServerResponse>> responses = new HashMap<>();
        server = new KubernetesMockServer(new Context(), new MockWebServer(), responses,
                new KubernetesMixedDispatcher(responses), false);
        server.init(InetAddress.getLoopbackAddress(), 0);
        client = client();
        thread.start();
    }

    KubernetesClient client() {
        return server.createClient(new JdkHttpClientFactory());
    }

    KubernetesMockServer server() {
        return server;
    }

    void release() {
        released = true;
    }

    synchronized int runs(AttemptId attempt) {
        return runs.getOrDefault(attempt.toString(), 0);
    }

    List<Job> jobs() {
        return client.batch().v1().jobs().inNamespace(NAMESPACE).list().getItems();
    }

    /// The requests so far that wait for something to change.
    List<String> watches() throws InterruptedException {
        var watches = new ArrayList<String>();
        for (var left = server.getRequestCount(); left > 0; left--) {
            var path = server.takeRequest().getPath();
            if (path.contains("watch=")) {
                watches.add(path);
            }
        }
        return watches;
    }

    private void run() {
        try {
            while (open) {
                jobs().forEach(this::step);
                var names = jobs().stream().map(job -> job.getMetadata().getName()).toList();
                client.pods().inNamespace(NAMESPACE).list().getItems().stream()
                        .filter(pod -> !names.contains(pod.getMetadata().getLabels().get("job-name")))
                        .forEach(pod -> client.resource(pod).delete());
                Thread.sleep(10);
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void step(Job job) {
        if (job.getStatus() != null && job.getStatus().getConditions() != null
                && !job.getStatus().getConditions().isEmpty()) {
            return;
        }
        var name = job.getMetadata().getName();
        var image = job.getSpec().getTemplate().getSpec().getContainers().getFirst().getImage();
        if (begun.add(job.getMetadata().getUid())) {
            runs.merge(job.getMetadata().getAnnotations().get(AttemptJob.ATTEMPT), 1, Integer::sum);
            server.expect().get().withPath("/api/v1/namespaces/" + NAMESPACE + "/pods/" + name
                    + "-pod/log?limitBytes=262144").andReturn(200, image.equals("breaks")
                    ? "no space left\n" : "done\n").always();
            client.pods().inNamespace(NAMESPACE).resource(new PodBuilder().withNewMetadata().withName(name + "-pod")
                    .addToLabels("job-name", name).endMetadata().build()).create();
        }
        var late = Instant.parse(job.getMetadata().getCreationTimestamp())
                .plus(Duration.ofSeconds(job.getSpec().getActiveDeadlineSeconds())).isBefore(Instant.now());
        switch (image) {
            case "works" -> end(job, "Complete", "", "");
            case "breaks" -> end(job, "Failed", "BackoffLimitExceeded", "Job has reached the specified backoff limit");
            default -> {
                if (released) {
                    end(job, "Complete", "", "");
                } else if (late) {
                    end(job, "Failed", "DeadlineExceeded", "Job was active longer than specified deadline");
                }
            }
        }
    }

    private void end(Job job, String type, String reason, String message) {
        client.batch().v1().jobs().inNamespace(NAMESPACE).resource(new JobBuilder(job).withNewStatus()
                .addNewCondition().withType(type).withStatus("True").withReason(reason).withMessage(message)
                .endCondition().endStatus().build()).updateStatus();
    }

    @Override
    public void close() {
        open = false;
        Eventually.holds("the controller is still", () -> !thread.isAlive());
        client.close();
        server.destroy();
    }
}
