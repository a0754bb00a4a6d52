package cambium.server.repository;

/// The answer to pushing a package.
sealed interface Receipt {
    /// It is durable, and will be in the index soon.
    record Received(StoredPackage stored) implements Receipt {}

    /// The same bytes were there before; nothing changed.
    record AlreadyThere(StoredPackage stored) implements Receipt {}

    /// The file name was used before, for these or other bytes, or belongs to a deleted package with other bytes.
    record Taken(String reason) implements Receipt {}
}
