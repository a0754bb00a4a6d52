package cambium.server.blob;

final class InMemoryBlobStoreTest extends BlobStoreContract {
    private final BlobStore store = new InMemoryBlobStore();

    @Override
    BlobStore store() {
        return store;
    }
}
