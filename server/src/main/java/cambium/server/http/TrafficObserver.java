package cambium.server.http;

import java.time.Duration;

/// Hears of every answer. `template` is the path of the route as declared, never the path that was asked, so that
/// there are only so many of them; `none` where no route matched.
@FunctionalInterface
public interface TrafficObserver {
    void answered(String template, String method, int status, Duration took);
}
