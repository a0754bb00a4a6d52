package cambium.server.repository;

import cambium.server.access.RepositoryToken;
import cambium.server.http.Call;
import cambium.server.http.Refused;
import cambium.server.repository.statistics.Fetch;
import cambium.server.repository.statistics.UsageLog;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/// Decides which requests count as a download or an install, and hands them to the [UsageLog]. A download is a `GET`
/// of a whole package or of its first bytes: `HEAD`, later ranges, and conditional requests whose condition says that
/// the client has the bytes already do not count.
public final class FetchLog {
    private static final Pattern FROM_THE_START = Pattern.compile("bytes=0-[0-9]{0,18}");

    private final UsageLog log;
    private final InstantSource clock;

    FetchLog(UsageLog log, InstantSource clock) {
        this.log = log;
        this.clock = clock;
    }

    void downloaded(Call call, PoolFile fetched) {
        if (!call.isHead() && beginsAtTheStart(call) && !isKnown(call, fetched)) {
            log.downloaded(fetched.packageId(), fetch(call));
        }
    }

    /// For whoever answers `config_file.*`: the machine called `hostname` was set up for this distribution.
    public void installed(Call call, StoredRepository repository, String distribution, String codename,
        String hostname) {
        if (!call.isHead()) {
            log.installed(repository.id(), distribution, codename, hostname, fetch(call));
        }
    }

    private static boolean beginsAtTheStart(Call call) {
        return call.header("Range").map(range -> FROM_THE_START.matcher(range.strip()).matches()).orElse(true);
    }

    private static boolean isKnown(Call call, PoolFile fetched) {
        Optional<String> tags = call.header("If-None-Match");
        if (tags.isPresent()) {
            return tags.get().contains(fetched.file().digests().sha256());
        }
        return call.header("If-Modified-Since").flatMap(FetchLog::date)
            .filter(since -> !fetched.uploadedAt().isAfter(since.plusSeconds(1))).isPresent();
    }

    private static Optional<Instant> date(String text) {
        try {
            return Optional.of(ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
        } catch (DateTimeException unreadable) {
            return Optional.empty();
        }
    }

    private Fetch fetch(Call call) {
        String userAgent = call.header("User-Agent").orElse("");
        return new Fetch(clock.instant(), call.remoteAddress(), userAgent, Fetch.sourceOf(userAgent),
            credential(call));
    }

    /// The repository's token that came with the call. Wrong credentials at a public repository are none.
    private static Fetch.Credential credential(Call call) {
        if (call.header("Authorization").isEmpty()) {
            return Fetch.Credential.NONE;
        }
        try {
            return call.actor().repositoryToken().map(FetchLog::credential).orElse(Fetch.Credential.NONE);
        } catch (Refused wrong) {
            return Fetch.Credential.NONE;
        }
    }

    private static Fetch.Credential credential(RepositoryToken token) {
        boolean reads = token.kind() == RepositoryToken.Kind.READ;
        Optional<String> name = Optional.of(token.name());
        return new Fetch.Credential(OptionalLong.of(token.masterTokenId()), name.filter(_ -> !reads),
            name.filter(_ -> reads));
    }
}
