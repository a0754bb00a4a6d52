package cambium.server.fleet.kubernetes;

import cambium.server.fleet.handover.DriverSpec;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// A client for each cluster, made when it is first needed: a server without Kubernetes loads nothing of this.
class Clusters implements AutoCloseable {
    private static final int MAX_WAIT_MILLIS = (int) Duration.ofSeconds(10).toMillis();

    private final Map<Key, KubernetesClient> clients = new HashMap<>();

    private record Key(Path folder, DriverSpec.Kubernetes spec) {}

    synchronized KubernetesClient of(Path folder, DriverSpec.Kubernetes spec) {
        return clients.computeIfAbsent(new Key(folder, spec), key -> connect(key.folder(), key.spec()));
    }

    KubernetesClient connect(Path folder, DriverSpec.Kubernetes spec) {
        var config = new ConfigBuilder(config(folder, spec)).withConnectionTimeout(MAX_WAIT_MILLIS)
                .withRequestTimeout(MAX_WAIT_MILLIS).withRequestRetryBackoffLimit(1).build();
        return new KubernetesClientBuilder().withConfig(config).withHttpClientFactory(new JdkHttpClientFactory())
                .build();
    }

    /// Without a kubeconfig: the service account of the pod that this server runs in.
    private static Config config(Path folder, DriverSpec.Kubernetes spec) {
        if (spec.kubeconfig().isEmpty()) {
            return Config.autoConfigure(spec.context().orElse(null));
        }
        return Config.fromKubeconfig(spec.context().orElse(null),
                folder.resolve(spec.kubeconfig().get()).toFile());
    }

    @Override
    public synchronized void close() {
        clients.values().forEach(KubernetesClient::close);
        clients.clear();
    }
}
