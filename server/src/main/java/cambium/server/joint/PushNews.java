package cambium.server.joint;

import cambium.server.access.Actor;
import cambium.server.fleet.Nudges;
import cambium.server.pages.RepositoryNews;
import cambium.server.repository.PackageListing;
import cambium.server.repository.RepositoryName;
import cambium.server.repository.RepositoryReader;
import java.time.Duration;
import java.util.Optional;

/// News of repositories from the notices that wake the index worker.
public final class PushNews implements RepositoryNews {
    private final RepositoryReader reader;
    private final PackageListing listing;
    private final Nudges pushes = new Nudges();

    public PushNews(RepositoryReader reader, PackageListing listing) {
        this.reader = reader;
        this.listing = listing;
    }

    /// Called for every notice of work for the index.
    public void pushed() {
        pushes.nudge();
    }

    @Override
    public Optional<String> stamp(Actor actor, String owner, String name) {
        return RepositoryName.of(owner, name).flatMap(reader::repository)
                .filter(stored -> reader.shows(actor, stored))
                .map(stored -> listing.stamp(stored.id()));
    }

    @Override
    public long heard() {
        return pushes.nudges();
    }

    @Override
    public void await(long seen, Duration most) throws InterruptedException {
        pushes.await(seen, most);
    }
}
