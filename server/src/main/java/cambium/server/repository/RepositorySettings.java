package cambium.server.repository;

import cambium.server.sql.DatabaseClock;
import cambium.server.webhook.Transports;
import java.time.Duration;
import java.util.Optional;

/// `host` is the first part of every Release file's Origin, as users pin it, and of key names. `maxPackageBytes` bounds
/// one pushed file; `indexThreads` says how many channels one process publishes at a time, `spareKeys` how many signing
/// keys are made ahead of need. `statisticsKept`: how long single downloads and installs are remembered. `clockSkew`:
/// how far this process's clock may be from the database's when it signs; apt tolerates ten seconds. `telling`: how
/// events may be sent. `validFor`: how long apt may believe an index of a repository that does not say so itself; empty
/// for ever.
public record RepositorySettings(String host, long maxPackageBytes, int indexThreads, int spareKeys,
    Duration statisticsKept, Duration clockSkew, Transports.Settings telling, Optional<Duration> validFor) {
    private static final int DEFAULT_INDEX_THREADS = 2;
    public static final int DEFAULT_SPARE_KEYS = 2;
    private static final Duration DEFAULT_STATISTICS_KEPT = Duration.ofDays(90);

    public RepositorySettings {
        if (!host.matches("[A-Za-z0-9][A-Za-z0-9.:_-]{0,150}")) {
            throw new IllegalArgumentException("not a host name for Origin: '" + host + "'");
        }
        if (maxPackageBytes < 1 || indexThreads < 1 || spareKeys < 0 || statisticsKept.compareTo(Duration.ZERO) <= 0) {
            throw new IllegalArgumentException("a setting of the repository is too small");
        }
    }

    public static RepositorySettings of(String host, long maxPackageBytes) {
        return new RepositorySettings(host, maxPackageBytes, DEFAULT_INDEX_THREADS, DEFAULT_SPARE_KEYS);
    }

    public RepositorySettings(String host, long maxPackageBytes, int indexThreads, int spareKeys) {
        this(host, maxPackageBytes, indexThreads, spareKeys, DEFAULT_STATISTICS_KEPT, DatabaseClock.MOST_SKEW,
            Transports.Settings.posts(), Optional.empty());
    }

    public RepositorySettings keepingStatistics(Duration kept) {
        return new RepositorySettings(host, maxPackageBytes, indexThreads, spareKeys, kept, clockSkew,
            telling, validFor);
    }

    public RepositorySettings makingAhead(int keys) {
        return new RepositorySettings(host, maxPackageBytes, indexThreads, keys, statisticsKept, clockSkew,
            telling, validFor);
    }

    public RepositorySettings tolerating(Duration skew) {
        return new RepositorySettings(host, maxPackageBytes, indexThreads, spareKeys, statisticsKept, skew,
            telling, validFor);
    }

    public RepositorySettings telling(Transports.Settings ways) {
        return new RepositorySettings(host, maxPackageBytes, indexThreads, spareKeys, statisticsKept, clockSkew,
            ways, validFor);
    }

    public RepositorySettings validFor(Optional<Duration> life) {
        return new RepositorySettings(host, maxPackageBytes, indexThreads, spareKeys, statisticsKept, clockSkew,
            telling, life);
    }
}
