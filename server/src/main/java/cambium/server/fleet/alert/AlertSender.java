package cambium.server.fleet.alert;

import cambium.rollout.Alert;
import cambium.rollout.Alerts;
import cambium.rollout.Fleet;
import cambium.rollout.FleetSpec;
import cambium.server.fleet.FleetStore;
import cambium.server.fleet.Planner;
import cambium.server.fleet.yaml.ServerAccess;
import cambium.server.http.Json;
import cambium.server.sql.Recurring;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells every Alertmanager what fires, again before they would take it for over, and what is over: of the fleet while
/// this process leads, or of this process at any time. On a thread of its own: no round of the coordinator waits for
/// it. A server that does not answer is told in the next round. What another leader has told ends by itself, unless
/// this one tells it again.
public final class AlertSender implements AutoCloseable {
    static final Duration PAUSE = Duration.ofSeconds(5);
    static final Duration REPEAT = Duration.ofMinutes(1);
    /// Longer than the longest time an alert has to hold first, so that a takeover does not end what still fires.
    static final Duration HOLDS = Duration.ofMinutes(20);
    private static final Logger LOG = LoggerFactory.getLogger(AlertSender.class);

    private final Alertmanagers alertmanagers;
    private final Source source;
    private final Supplier<String> base;
    private final InstantSource time;
    private final Counter failures;
    private final AtomicLong firingNow = new AtomicLong();
    private final FiringAlerts firing = new FiringAlerts();
    private final Map<String, Told> told = new ConcurrentHashMap<>();
    private String lastTrouble = "";
    private Optional<Recurring> work = Optional.empty();

    /// What a server has taken, under which fleet's label, and when.
    private record Told(String fleet, Map<Alert.Key, FiringAlerts.Firing> alerts, Instant at) {}

    /// What holds, of whatever it is.
    ///
    /// @param fleet whose alerts these are, as their label says
    public record Found(String fleet, List<Alert> alerts) {
        public Found {
            alerts = List.copyOf(alerts);
        }
    }

    /// Where alerts come from.
    @FunctionalInterface
    public interface Source {
        /// Empty where it is not for this process to tell of them: what it has told is not ended, others go on.
        Optional<Found> at(Instant now);

        /// Those of the fleet, told by whoever leads it.
        static Source ofFleet(FleetStore store, Planner planner, BooleanSupplier leading) {
            return now -> {
                if (!leading.getAsBoolean()) {
                    return Optional.empty();
                }
                var fleet = store.load().fleet();
                return Optional.of(new Found(name(fleet), Alerts.in(fleet, planner.plan(fleet, now), now)));
            };
        }

        /// Those of this process, told whether it leads or not.
        static Source ofProcess(FleetStore store, Supplier<List<Alert>> alerts) {
            return _ -> {
                var found = alerts.get();
                return Optional.of(new Found(found.isEmpty() ? "" : name(store.load().fleet()), found));
            };
        }

        private static String name(Fleet fleet) {
            return fleet.spec().map(FleetSpec::name).orElse("");
        }
    }

    /// @param file `alertmanager.yaml`; may be missing
    /// @param of `fleet` or `process`: what its figures are of
    /// @param base where people find our pages
    public AlertSender(Path file, String of, Source source, Supplier<String> base, MeterRegistry registry,
            InstantSource time) {
        this.alertmanagers = new Alertmanagers(file);
        this.source = source;
        this.base = base;
        this.time = time;
        this.failures = registry.counter("cambium.alerts.failures", "of", of);
        registry.gauge("cambium.alerts.firing", Tags.of("of", of), firingNow);
    }

    public synchronized void start() {
        work = Optional.of(Recurring.start("alerts", PAUSE, PAUSE, this::counted));
    }

    private void counted() throws InterruptedException {
        try {
            round();
        } catch (RuntimeException failed) {
            failures.increment();
            throw failed;
        }
    }

    /// Looks once, and tells whom it has to tell.
    void round() throws InterruptedException {
        var now = time.instant();
        var found = source.at(now);
        if (found.isEmpty()) {
            firing.forget();
            told.clear();
            firingNow.set(0);
            return;
        }
        switch (alertmanagers.named()) {
            case Alertmanagers.Named.Nobody() -> { }
            case Alertmanagers.Named.Wrong(var problem) -> {
                failures.increment();
                trouble(problem);
            }
            case Alertmanagers.Named.Servers(var servers) -> tell(servers, found.get(), now);
        }
    }

    private void tell(List<ServerAccess> servers, Found found, Instant now) throws InterruptedException {
        var alerts = firing.at(now, found.alerts()).stream().collect(Collectors.toMap(
                each -> each.alert().key(), each -> each, (one, _) -> one, LinkedHashMap::new));
        firingNow.set(alerts.size());
        var look = new Look(found.fleet(), alerts, now);
        told.keySet().retainAll(servers.stream().map(ServerAccess::address).toList());
        var troubles = new ArrayList<String>();
        try (var each = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var trouble : each.invokeAll(servers.stream().map(server -> look.telling(server)).toList())) {
                trouble.get().ifPresent(troubles::add);
            }
        } catch (ExecutionException broken) {
            throw new IllegalStateException("alerts could not be sent", broken.getCause());
        }
        failures.increment(troubles.size());
        trouble(String.join("; ", troubles));
    }

    /// What fires at one instant.
    private final class Look {
        private final String fleet;
        private final Map<Alert.Key, FiringAlerts.Firing> alerts;
        private final Instant now;

        Look(String fleet, Map<Alert.Key, FiringAlerts.Firing> alerts, Instant now) {
            this.fleet = fleet;
            this.alerts = alerts;
            this.now = now;
        }

        /// Gives what went wrong.
        Callable<Optional<String>> telling(ServerAccess server) {
            return () -> {
                var before = told.getOrDefault(server.address(), new Told("", Map.of(), Instant.MIN));
                boolean again = !alerts.isEmpty() && !now.isBefore(before.at().plus(REPEAT));
                if (alerts.equals(before.alerts()) && !again) {
                    return Optional.empty();
                }
                var failed = alertmanagers.send(server, body(before));
                if (failed.isEmpty()) {
                    told.put(server.address(), new Told(fleet, alerts, now));
                }
                return failed.map(why -> server.address() + " " + why);
            };
        }

        /// What fires, and what the server believes to fire and does not.
        private byte[] body(Told before) {
            var over = before.alerts().entrySet().stream().filter(each -> !alerts.containsKey(each.getKey()))
                    .map(each -> AlertJson.of(each.getValue(), before.fleet(), now, base.get()));
            return Json.write(Stream.concat(over, alerts.values().stream()
                    .map(each -> AlertJson.of(each, fleet, now.plus(HOLDS), base.get()))).toList());
        }
    }

    /// Said once, until it changes.
    private void trouble(String trouble) {
        if (!trouble.equals(lastTrouble)) {
            lastTrouble = trouble;
            if (trouble.isEmpty()) {
                LOG.info("fleet: Alertmanagers take alerts again");
            } else {
                LOG.warn("fleet: alerts reach nobody at some Alertmanager: {}", trouble);
            }
        }
    }

    @Override
    public synchronized void close() {
        work.ifPresent(Recurring::close);
        alertmanagers.close();
    }
}
