package cambium.server.fleet.handover;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// How a driver reaches its cells. The lower-case name is what `driver.yaml` says and what is stored.
public enum Technology {
    PROCESS, PULL, KUBERNETES, WEBHOOK;

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Technology> of(String word) {
        return Arrays.stream(values()).filter(each -> each.word().equals(word)).findFirst();
    }
}
