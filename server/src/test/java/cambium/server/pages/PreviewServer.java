package cambium.server.pages;

import cambium.rollout.AttemptId;
import cambium.rollout.AttemptResult;
import cambium.rollout.CellId;
import cambium.rollout.FleetEvent;
import cambium.rollout.ProductVersion;
import cambium.rollout.RingNumber;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// The pages over a fleet in memory where something happens every few seconds: for looking at them while they are made.
final class PreviewServer {
    private PreviewServer() {}

    public static void main(String[] arguments) throws InterruptedException {
        InstantSource clock = InstantSource.system();
        var server = new ExampleServer(clock).withExample();
        System.out.println("http://127.0.0.1:" + server.http.port());
        for (int turn = 3; ; turn++) {
            Thread.sleep(Duration.ofSeconds(3));
            var attempt = AttemptId.of("r3.canary.deploy." + turn);
            Instant now = clock.instant();
            var version = ProductVersion.of("1.3.0");
            server.record(List.of(
                    new FleetEvent.AttemptFinished(now, AttemptId.of("r3.canary.deploy." + (turn - 1)),
                            new AttemptResult.Failed("exit code 1")),
                    new FleetEvent.AttemptRequested(now, attempt, RingNumber.of(0), version, Optional.empty(),
                            Duration.ofMinutes(5)),
                    new FleetEvent.AttemptStarted(now, attempt),
                    new FleetEvent.CellObserved(now, CellId.of("canary"), turn % 2 == 0,
                            Optional.of(turn % 4 < 2 ? version : ProductVersion.of("1.1.0")))));
        }
    }
}
