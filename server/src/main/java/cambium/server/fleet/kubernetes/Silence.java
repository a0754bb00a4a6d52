package cambium.server.fleet.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/// Keeps clusters that say nothing from holding up the rounds of all cells. One that was waited for in vain is asked no
/// more by who has a question, which fails at once; a thread of its own knocks there until it says something, whatever
/// it says. So each costs a round one wait, shorter than the coordinator's lease, however long it is silent.
final class Silence implements AutoCloseable {
    static final Duration REST = Duration.ofSeconds(15);
    /// A cluster that refuses a connection says so at once and holds up nobody.
    private static final Duration WAITED = Duration.ofSeconds(1);

    private final Duration rest;
    /// With what the last question met.
    private final Map<String, KubernetesClientException> silent = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    Silence(Duration rest) {
        this.rest = rest;
    }

    /// @param knock asks the cluster for anything
    <T> T ask(String cluster, Runnable knock, Supplier<T> question) {
        var known = silent.get(cluster);
        if (known != null) {
            throw Clusters.reason(known).isPresent() ? known : new KubernetesClientException("the cluster " + cluster
                    + " said nothing when it was asked last; it is asked again each " + rest.toSeconds() + " s");
        }
        long begun = System.nanoTime();
        try {
            return question.get();
        } catch (KubernetesClientException failed) {
            if (isSilence(failed, begun) && silent.putIfAbsent(cluster, failed) == null) {
                threads.execute(() -> awaitSound(cluster, knock));
            }
            throw failed;
        }
    }

    private static boolean isSilence(KubernetesClientException failed, long begun) {
        return failed.getCode() <= 0 && System.nanoTime() - begun >= WAITED.toNanos();
    }

    private void awaitSound(String cluster, Runnable knock) {
        try {
            do {
                Thread.sleep(rest);
            } while (isSilentTo(knock));
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        } finally {
            silent.remove(cluster);
        }
    }

    private static boolean isSilentTo(Runnable knock) {
        long begun = System.nanoTime();
        try {
            knock.run();
            return false;
        } catch (KubernetesClientException failed) {
            return isSilence(failed, begun);
        } catch (IllegalStateException closed) {
            return false;
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
