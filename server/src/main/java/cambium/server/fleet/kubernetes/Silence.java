package cambium.server.fleet.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/// Keeps a cluster that says nothing from holding up the rounds of all cells: after one question that was waited for in
/// vain it is asked nothing for a while, and whatever concerns it fails at once. So it costs a round no more than one
/// wait, which is shorter than the coordinator's lease.
final class Silence {
    static final Duration REST = Duration.ofSeconds(15);
    /// A cluster that refuses a connection says so at once and holds up nobody.
    private static final Duration WAITED = Duration.ofSeconds(1);

    private final Map<String, Long> since = new ConcurrentHashMap<>();

    <T> T ask(String cluster, Supplier<T> question) {
        long begun = System.nanoTime();
        if (since.containsKey(cluster) && begun - since.get(cluster) < REST.toNanos()) {
            throw new KubernetesClientException("the cluster " + cluster + " said nothing when it was asked last; it "
                    + "is asked again within " + REST.toSeconds() + " s");
        }
        try {
            T answer = question.get();
            since.remove(cluster);
            return answer;
        } catch (KubernetesClientException failed) {
            long now = System.nanoTime();
            if (failed.getCode() <= 0 && now - begun >= WAITED.toNanos()) {
                since.put(cluster, now);
            }
            throw failed;
        }
    }
}
