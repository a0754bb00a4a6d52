package cambium.server.repository.statistics;

/// What is counted, on its way into the database.
sealed interface UsageEvent {
    Fetch fetch();

    record Download(long packageId, Fetch fetch) implements UsageEvent {}

    /// `hostname` is what the machine calls itself.
    record Install(long repositoryId, String distribution, String codename, String hostname, Fetch fetch)
        implements UsageEvent {
        public Install {
            hostname = Fetch.bounded(hostname);
        }
    }
}
