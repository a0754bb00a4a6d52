package cambium.server.repository;

import java.time.Instant;

/// A repository as the database has it.
public record StoredRepository(long id, RepositoryName name, boolean isPrivate, Instant createdAt) {}
