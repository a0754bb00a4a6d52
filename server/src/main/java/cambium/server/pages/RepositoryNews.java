package cambium.server.pages;

import cambium.server.access.Actor;
import java.time.Duration;
import java.util.Optional;

/// Tells whether something of a repository has changed. News may be lost, so whoever waits looks again by itself.
public interface RepositoryNews {
    /// Another text after every push, publication or withdrawal; empty where the actor finds no such repository.
    Optional<String> stamp(Actor actor, String owner, String name);

    /// The number of pushes heard of so far, anywhere; to hand to `await` later.
    long heard();

    /// Returns when more than `seen` were heard of, or when the time is over.
    void await(long seen, Duration most) throws InterruptedException;
}
