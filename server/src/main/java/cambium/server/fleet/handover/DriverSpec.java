package cambium.server.fleet.handover;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a driver's folder on this machine says: how its steps are carried out. Written by the machine's administrator,
/// never by the API.
public sealed interface DriverSpec
        permits DriverSpec.Process, DriverSpec.Kubernetes, DriverSpec.Pull, WebhookSpec {
    Technology technology();

    /// A program per step stands in the folder itself.
    record Process() implements DriverSpec {
        @Override
        public Technology technology() {
            return Technology.PROCESS;
        }
    }

    /// A Job for each attempt. Files are beside `driver.yaml`.
    ///
    /// @param kubeconfig file with the way to the cluster; without it the pod's own service account
    /// @param namespace where Jobs are made, unless the cell's setting `namespace` names one of `namespaces`
    /// @param job file with the Job
    record Kubernetes(Optional<String> kubeconfig, Optional<String> context, String namespace,
            List<String> namespaces, String job) implements DriverSpec {
        private static final String SETTING = "namespace";

        public Kubernetes {
            namespaces = List.copyOf(namespaces);
        }

        @Override
        public Technology technology() {
            return Technology.KUBERNETES;
        }

        /// Empty where the cell asks for one that its driver does not allow.
        public Optional<String> namespaceOf(Map<String, String> settings) {
            var asked = settings.getOrDefault(SETTING, namespace);
            return Optional.of(asked).filter(name -> name.equals(namespace) || namespaces.contains(name));
        }
    }

    /// Cells follow by themselves.
    record Pull() implements DriverSpec {
        @Override
        public Technology technology() {
            return Technology.PULL;
        }
    }
}
