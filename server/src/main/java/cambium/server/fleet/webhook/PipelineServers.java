package cambium.server.fleet.webhook;

import cambium.server.fleet.handover.WebhookSpec;
import cambium.server.http.OutgoingPosts;
import cambium.server.http.OutgoingPosts.Exchange;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// The servers of pipelines, reached under the same rule as webhooks: public addresses, and the hosts that the driver's
/// folder allows. Redirects are not followed, an answer has at most 1 MiB and comes within 15 seconds.
final class PipelineServers implements AutoCloseable {
    static final int MAX_AT_ONCE = 64;
    private static final int GOOD = 2;
    private static final int HUNDRED = 100;

    private final Map<Set<String>, OutgoingPosts> clients = new HashMap<>();

    Exchange ask(WebhookSpec spec, AttemptRequests.Ready request) throws InterruptedException {
        return client(spec.hosts()).exchange(request.method(), request.target(), request.headers(), request.body());
    }

    static boolean good(int status) {
        return status / HUNDRED == GOOD;
    }

    private synchronized OutgoingPosts client(Set<String> hosts) {
        return clients.computeIfAbsent(hosts, allowed ->
                new OutgoingPosts(allowed, MAX_AT_ONCE, "'hosts' in driver.yaml allows others"));
    }

    @Override
    public synchronized void close() {
        clients.values().forEach(OutgoingPosts::close);
        clients.clear();
    }
}
