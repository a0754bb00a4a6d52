package cambium.rollout;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Whether the log that the fleet is the fold of is believed. While it is not, nothing goes forward.
///
/// @param doubt what a coordinator found when it went through the log, until it went through it and found nothing
/// @param read what was met while this very state was read: it rests on an event that was changed, and so nothing is
///     begun at all, forward or back
/// @param accepted what people know of and let count as it stands; the last {@link #MAX_ACCEPTED}
public record LogTrust(Optional<Doubt> doubt, Optional<LogFlaw> read, List<LogFlaw> accepted) {
    public static final LogTrust DEFAULT = new LogTrust(Optional.empty(), Optional.empty(), List.of());
    public static final int MAX_ACCEPTED = 100;

    /// @param since when it was found
    public record Doubt(LogFlaw flaw, Instant since) {}

    public LogTrust {
        accepted = List.copyOf(accepted);
    }

    /// What holds the fleet, if anything does.
    public Optional<LogFlaw> flaw() {
        return read.or(() -> doubt.map(Doubt::flaw));
    }

    public boolean accepts(LogFlaw flaw) {
        return accepted.stream().anyMatch(flaw::same);
    }

    /// As a brake on the fleet, but that nobody has pulled it and that it ends by itself.
    Optional<Brake> brake() {
        return flaw().map(flaw -> new Brake(new Scope.FleetWide(), FleetEvent.AUTOMATION, flaw.told(),
                doubt.map(Doubt::since).orElse(Instant.EPOCH), Optional.empty(), false));
    }

    LogTrust after(FleetEvent.LogDoubted doubted) {
        return new LogTrust(Optional.of(new Doubt(doubted.flaw(), doubted.at())), read, accepted);
    }

    /// The doubt stays until the log was gone through again: there may be more.
    LogTrust after(FleetEvent.LogAccepted known) {
        var all = Stream.concat(accepted.stream().filter(other -> other.number() != known.flaw().number()),
                Stream.of(known.flaw())).toList();
        return new LogTrust(doubt, read, all.subList(Math.max(0, all.size() - MAX_ACCEPTED), all.size()));
    }

    LogTrust trusted() {
        return new LogTrust(Optional.empty(), read, accepted);
    }

    LogTrust reading(Optional<LogFlaw> met) {
        return new LogTrust(doubt, met, accepted);
    }
}
