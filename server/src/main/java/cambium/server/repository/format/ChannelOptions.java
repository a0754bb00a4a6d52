package cambium.server.repository.format;

import java.time.Duration;
import java.util.Optional;

/// What a repository is asked to offer beyond the plain indexes. `contents`: which package holds which file;
/// `translations`: long descriptions apart; `validFor`: how long a signed root may be believed. A family takes of it
/// what it knows.
public record ChannelOptions(boolean contents, boolean translations, Optional<Duration> validFor) {
    public static final ChannelOptions PLAIN = new ChannelOptions(false, false, Optional.empty());
}
