package cambium.server.fleet.kubernetes;

import cambium.server.fleet.handover.DriverSpec;
import cambium.server.http.TrustedCertificates;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.io.IOException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/// A client for each cluster, made when it is first needed: a server without Kubernetes loads nothing of this.
class Clusters implements AutoCloseable {
    private static final int MAX_CAUSES = 10;
    /// Half of a lease: rounds wait for what a cluster says.
    private static final int MAX_WAIT_MILLIS = (int) Duration.ofSeconds(3).toMillis();

    private final Map<Key, KubernetesClient> clients = new HashMap<>();

    private record Key(Path folder, DriverSpec.Kubernetes spec) {}

    synchronized KubernetesClient of(Path folder, DriverSpec.Kubernetes spec) {
        return clients.computeIfAbsent(new Key(folder, spec), key -> connect(key.folder(), key.spec()));
    }

    KubernetesClient connect(Path folder, DriverSpec.Kubernetes spec) {
        var config = new ConfigBuilder(config(folder, spec)).withConnectionTimeout(MAX_WAIT_MILLIS)
                .withRequestTimeout(MAX_WAIT_MILLIS).withRequestRetryBackoffLimit(0).build();
        return new KubernetesClientBuilder().withConfig(config).withHttpClientFactory(watching(config)).build();
    }

    /// The client's own trust and keys, looked at as those of all clients are.
    private static JdkHttpClientFactory watching(Config config) {
        return new JdkHttpClientFactory() {
            @Override
            protected void additionalConfig(HttpClient.Builder builder) {
                try {
                    builder.sslContext(TrustedCertificates.context(SSLUtils.keyManagers(config),
                            SSLUtils.trustManagers(config)));
                } catch (IOException | GeneralSecurityException unusable) {
                    throw new KubernetesClientException("the certificates of a kubeconfig cannot be used", unusable);
                }
            }
        };
    }

    /// The same with a message that says why, where nothing was answered.
    static KubernetesClientException explained(KubernetesClientException silent, URI cluster) {
        return reason(silent).<KubernetesClientException>map(reason -> new KubernetesClientException("the cluster "
                + cluster.getHost() + " cannot be reached: " + reason, silent)).orElse(silent);
    }

    /// Why there is no answer, where that is more than silence.
    static Optional<String> reason(Throwable failed) {
        return TrustedCertificates.told(failed).or(() -> Stream.iterate(failed, cause -> cause != null,
                Throwable::getCause).limit(MAX_CAUSES).flatMap(cause -> switch (cause) {
                    case UnresolvedAddressException _, UnknownHostException _ -> Stream.of("its name is not known");
                    case SSLException _ -> Stream.of("it shows no certificate that is trusted, or speaks no TLS");
                    default -> Stream.<String>empty();
                }).findFirst());
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
