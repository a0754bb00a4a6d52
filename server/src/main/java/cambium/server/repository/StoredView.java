package cambium.server.repository;

import cambium.formats.apt.PdiffIndex;
import cambium.formats.index.Change;
import cambium.formats.index.Chunk;
import cambium.formats.index.EdPatch;
import cambium.formats.index.EncodedChunk;
import cambium.formats.index.IndexForm;
import cambium.formats.index.PlacedChunk;
import cambium.formats.index.Segment;
import cambium.formats.index.SliceSource;
import cambium.formats.index.SplicedIndex;
import cambium.formats.index.VirtualIndex;
import cambium.formats.index.WrappedIndex;
import cambium.formats.index.Wrapping;
import cambium.server.blob.BlobId;
import cambium.server.blob.BlobStore;
import cambium.server.repository.format.ViewShape;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jooq.DSLContext;

/// The chunks of one view in one generation, and how they become those of the next.
final class StoredView {
    private static final int MAX_LOADED = 8;

    private final long id;
    private final BlobStore blobs;
    private final ViewShape shape;
    private final Map<Chunk, BlobId> packsBefore;
    private final Map<Chunk, BlobId> packs;
    private final SortedMap<BlobId, Long> stored = new TreeMap<>();
    private final Map<Chunk, EncodedChunk> fresh = new HashMap<>();
    /// The last few that were read, since a change may ask for one several times; never a whole index.
    private final Map<Chunk, EncodedChunk> loaded = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Chunk, EncodedChunk> eldest) {
            return size() > MAX_LOADED;
        }
    };
    private final List<PlacedChunk> before;
    private boolean begunAnew;
    private Optional<Boolean> other = Optional.empty();
    private List<PlacedChunk> chunks;
    private int keep;

    private StoredView(long id, BlobStore blobs, ViewShape shape, List<PlacedChunk> chunks,
        Map<Chunk, BlobId> packs) {
        this.id = id;
        this.blobs = blobs;
        this.shape = shape;
        this.packsBefore = packs;
        this.packs = new HashMap<>(packs);
        this.before = chunks;
        this.chunks = chunks;
        this.keep = chunks.size();
    }

    /// The view as of a generation: what is known of its chunks, none of their bytes.
    static StoredView load(DSLContext sql, BlobStore blobs, long viewId, long generation, ViewShape shape) {
        var rows = sql.fetch("""
            select placed, pack_sha256 from chunk_in_view
            where view_id = ? and from_generation <= ? and (to_generation is null or to_generation > ?)
            order by position""", viewId, generation, generation);
        var chunks = new ArrayList<PlacedChunk>();
        var packs = new HashMap<Chunk, BlobId>();
        rows.forEach(row -> {
            chunks.add(PlacedChunk.fromBytes(row.get("placed", byte[].class)));
            packs.put(chunks.getLast().chunk(), new BlobId(row.get("pack_sha256", String.class)));
        });
        return new StoredView(viewId, blobs, shape, List.copyOf(chunks), packs);
    }

    /// Forgets all chunks; what is appended then is the whole view.
    void beginAnew() {
        begunAnew = true;
        chunks = List.of();
        packs.clear();
        keep = 0;
    }

    void remove(List<byte[]> entries) {
        apply(SplicedIndex.without(chunks, entries, this::encoded, shape.splicing()));
    }

    void append(byte[] entries) {
        apply(SplicedIndex.appended(chunks, entries, this::encoded, shape.splicing()));
    }

    private void apply(Change change) {
        change.encoded().forEach(made -> fresh.put(made.chunk(), made));
        chunks = change.applyTo(chunks);
        keep = Math.min(keep, change.keep());
    }

    private EncodedChunk encoded(Chunk chunk) {
        EncodedChunk made = fresh.get(chunk);
        if (made != null) {
            return made;
        }
        EncodedChunk known = loaded.get(chunk);
        if (known == null) {
            known = read(chunk);
            loaded.put(chunk, known);
        }
        return known;
    }

    private EncodedChunk read(Chunk chunk) {
        try {
            return EncodedChunk.fromPack(blobs.bytes(packs.get(chunk)));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    long id() {
        return id;
    }

    ViewShape shape() {
        return shape;
    }

    /// Whether patches can lead to it from the generation before.
    boolean wasPublished() {
        return !begunAnew;
    }

    /// Whether it was begun anew and is what it was before.
    boolean isRestored() {
        return begunAnew && !wasOther();
    }

    /// Whether its raw bytes are others than those of the state as it was loaded, or that state cannot be read. Looks
    /// at all of both, once.
    boolean wasOther() {
        if (other.isEmpty()) {
            other = Optional.of(!raw(chunks, this::slice).equals(rawBefore()));
        }
        return other.get();
    }

    private String rawBefore() {
        try {
            return raw(before, (chunk, form) -> stored(packsBefore.get(chunk), chunk, form));
        } catch (UncheckedIOException | IllegalStateException damaged) {
            return "";
        }
    }

    private static String raw(List<PlacedChunk> state, SliceSource source) {
        return WrappedIndex.describe(state, IndexForm.RAW, Wrapping.NONE, source).sha256();
    }

    /// The script that leads from the state as it was loaded to the present one; see [EdPatch].
    Optional<byte[]> patch(int maxBytes) {
        return EdPatch.between(before, chunks, this::encoded, maxBytes);
    }

    PdiffIndex.Sized stateBefore() {
        return state(before);
    }

    PdiffIndex.Sized state() {
        return state(chunks);
    }

    private static PdiffIndex.Sized state(List<PlacedChunk> chunks) {
        VirtualIndex raw = SplicedIndex.describe(chunks, IndexForm.RAW);
        return new PdiffIndex.Sized(raw.sha256(), raw.length());
    }

    /// What the file of a form consists of.
    List<Segment> segments(IndexForm form) {
        return wrapping().map(around -> WrappedIndex.segments(chunks, form, around))
            .orElseGet(() -> SplicedIndex.describe(chunks, form).segments());
    }

    /// The same with its digest, which costs a look at all of its bytes where something stands around the entries.
    VirtualIndex describe(IndexForm form) {
        return wrapping().map(around -> WrappedIndex.describe(chunks, form, around, this::slice))
            .orElseGet(() -> SplicedIndex.describe(chunks, form));
    }

    private Optional<Wrapping> wrapping() {
        long entries = chunks.stream().mapToLong(placed -> placed.chunk().stanzas()).sum();
        return shape.wrapping().map(around -> around.apply(entries));
    }

    private byte[] slice(Chunk chunk, IndexForm form) {
        EncodedChunk made = fresh.get(chunk);
        return made != null ? made.form(form) : stored(packs.get(chunk), chunk, form);
    }

    private byte[] stored(BlobId pack, Chunk chunk, IndexForm form) {
        long from = chunk.packOffset(form);
        try (InputStream in = blobs.open(pack, from, from + chunk.length(form))) {
            return in.readAllBytes();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    BlobId pack(Chunk chunk) {
        return packs.get(chunk);
    }

    /// Stores the packs of new chunks; the sizes in bytes of all that were stored, for whoever names them.
    SortedMap<BlobId, Long> storePacks() throws IOException {
        for (PlacedChunk placed : chunks.subList(keep, chunks.size())) {
            if (!packs.containsKey(placed.chunk())) {
                store(placed.chunk());
            }
        }
        return Collections.unmodifiableSortedMap(stored);
    }

    private void store(Chunk chunk) throws IOException {
        byte[] bytes = fresh.get(chunk).toPack();
        BlobId pack = blobs.put(bytes);
        packs.put(chunk, pack);
        stored.put(pack, (long) bytes.length);
    }

    /// Stores what will hardly merge any more and lets it go, so that a view of any size is made in little memory.
    void storeSettled() {
        for (PlacedChunk placed : chunks.subList(keep, Math.max(keep, chunks.size() - MAX_LOADED))) {
            if (fresh.containsKey(placed.chunk())) {
                try {
                    store(placed.chunk());
                } catch (IOException broken) {
                    throw new UncheckedIOException(broken);
                }
                fresh.remove(placed.chunk());
            }
        }
    }

    /// Writes the rows, valid from this generation on. The packs are stored and named already.
    void save(DSLContext sql, long generation) {
        sql.execute("""
            update chunk_in_view set to_generation = ? where view_id = ? and position >= ? and to_generation is null""",
            generation, id, keep);
        for (int position = keep; position < chunks.size(); position++) {
            PlacedChunk placed = chunks.get(position);
            sql.execute("""
                insert into chunk_in_view (view_id, position, from_generation, pack_sha256, placed)
                values (?, ?, ?, ?, ?)""", id, position, generation,
                packs.get(placed.chunk()).sha256(), placed.toBytes());
        }
        for (IndexForm form : shape.forms()) {
            VirtualIndex index = describe(form);
            sql.execute("""
                insert into index_file (view_id, generation, form, sha256, length_bytes) values (?, ?, ?, ?, ?)""",
                id, generation, name(form), index.sha256(), index.length());
        }
        sql.execute("update index_view set generation = ?, stale_since = null where id = ?", generation, id);
    }

    static String name(IndexForm form) {
        return form.name().toLowerCase(Locale.ROOT);
    }

    static IndexForm form(String name) {
        return IndexForm.valueOf(name.toUpperCase(Locale.ROOT));
    }
}
