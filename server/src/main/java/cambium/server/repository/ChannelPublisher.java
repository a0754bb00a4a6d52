package cambium.server.repository;

import cambium.server.blob.BlobId;
import cambium.server.blob.BlobStore;
import cambium.server.repository.format.ChannelFacts;
import cambium.server.repository.format.Formats;
import cambium.server.repository.format.IndexLayout;
import cambium.server.repository.format.PublishedFile;
import cambium.server.repository.format.RootFile;
import cambium.server.repository.format.ViewKey;
import cambium.server.repository.key.Signer;
import cambium.server.repository.key.SigningTurn;
import cambium.server.sql.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jooq.DSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes the next generation of a channel out of all that waits for it, in one transaction that holds the channel.
/// A publisher that was paused, cut off or overtaken can do nothing: its transaction is gone, and the pointer moves
/// only from the generation that it read. Blobs are durable before rows name them; the pointer moves last.
final class ChannelPublisher {
    private static final Logger LOG = LoggerFactory.getLogger(ChannelPublisher.class);

    private final Database database;
    private final BlobStore blobs;
    private final Signer signer;
    private final InstantSource clock;
    private final String host;
    private final Formats formats;

    ChannelPublisher(Database database, BlobStore blobs, Signer signer, InstantSource clock, String host,
        Formats formats) {
        this.database = database;
        this.blobs = blobs;
        this.signer = signer;
        this.clock = clock;
        this.host = host;
        this.formats = formats;
    }

    /// What became of one try.
    sealed interface Outcome {
        /// A new generation is visible. `requests`: when its admissions were asked for.
        record Published(ChannelRow channel, long generation, List<Instant> requests) implements Outcome {}

        /// Nothing was waiting, or nothing of it could be published now.
        record Idle() implements Outcome {}

        /// Another publisher holds the channel.
        record Busy() implements Outcome {}
    }

    Outcome publish(long channelId) {
        return database.transact(sql -> ChannelRow.hold(sql, channelId)
            .map(channel -> publish(sql, channel)).orElseGet(Outcome.Busy::new));
    }

    private Outcome publish(DSLContext sql, ChannelRow channel) {
        BlobRows.holdCollector(sql);
        Instant now = clock.instant();
        if (Rebuilds.isAsked(sql, channel.id())) {
            return rebuild(sql, channel, now);
        }
        PendingWork work = PendingWork.take(sql, channel.id(), layout(channel).unusedEntryKinds(channel.options()), now)
            .withoutPoison(sql, blobs, layout(channel), now);
        boolean isWanted = channel.isDue(now);
        if (work.isEmpty() && !isWanted) {
            return new Outcome.Idle();
        }
        long generation = channel.nextGeneration();
        Spliced spliced = splice(sql, channel, generation, work, now);
        if (spliced.work().isEmpty() && !isWanted) {
            return new Outcome.Idle();
        }
        return publish(sql, channel, generation, spliced, now);
    }

    private Outcome publish(DSLContext sql, ChannelRow channel, long generation, Spliced spliced, Instant now) {
        storePacks(sql, spliced.views(), now);
        spliced.views().values().forEach(view -> view.save(sql, generation));
        var patches = new ViewPatches(sql, generation);
        spliced.views().values().stream().filter(view -> view.shape().patched())
            .filter(view -> !view.isRestored()).forEach(patches::note);
        noteAdmitted(sql, channel, generation, spliced.work(), now);
        Instant date = writeRoots(sql, channel, generation, now);
        movePointer(sql, channel, generation, spliced.work());
        sql.execute("update channel set due_at = ?::timestamptz where id = ?", dueAt(channel, date), channel.id());
        return new Outcome.Published(channel, generation,
            spliced.work().admissions().stream().map(PendingWork.Entry::requestedAt).toList());
    }

    /// A generation of its own: every view made from the log of admissions alone. What waits goes on waiting, so that
    /// the raw bytes must come out as they were.
    private Outcome rebuild(DSLContext sql, ChannelRow channel, Instant now) {
        long generation = channel.nextGeneration();
        SortedMap<ViewKey, StoredView> views;
        try {
            views = new ViewSplicer(sql, blobs, channel, layout(channel), generation).rebuild();
        } catch (IllegalArgumentException | IllegalStateException failed) {
            LOG.error("cannot rebuild channel {}; the last generation stays visible", channel.id(), failed);
            sql.execute("delete from index_view where channel_id = ? and generation = ?", channel.id(), generation);
            Rebuilds.fail(sql, channel.id(), "an entry of the log cannot be indexed", now);
            return new Outcome.Idle();
        }
        List<ViewKey> differing = views.keySet().stream().filter(key -> views.get(key).wasOther()).toList();
        if (!differing.isEmpty()) {
            LOG.error("channel {} was served with other bytes than its log makes: {}", channel.id(), differing);
        }
        Rebuilds.finish(sql, channel.id(), generation, views.size(), differing, now);
        return publish(sql, channel, generation, new Spliced(PendingWork.NONE, views), now);
    }

    /// Named in the order of their digests, so that publishers of equal chunks never wait for each other in a circle.
    private static void storePacks(DSLContext sql, Map<ViewKey, StoredView> views, Instant now) {
        var sizes = new TreeMap<BlobId, Long>();
        try {
            for (StoredView view : views.values()) {
                sizes.putAll(view.storePacks());
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        BlobRows.name(sql, sizes, now);
    }

    private record Spliced(PendingWork work, SortedMap<ViewKey, StoredView> views) {}

    /// Splices the work into every view it concerns. When that fails, the work is halved until the one admission
    /// that is to blame stands alone; it is then set aside.
    private Spliced splice(DSLContext sql, ChannelRow channel, long generation, PendingWork work, Instant now) {
        try {
            var splicer = new ViewSplicer(sql, blobs, channel, layout(channel), generation);
            return new Spliced(work, splicer.splice(work));
        } catch (IllegalArgumentException | IllegalStateException failed) {
            // Views that only the refused packages need must not stay.
            sql.execute("delete from index_view where channel_id = ? and generation = ?", channel.id(), generation);
            int count = work.admissions().size();
            if (count == 0) {
                throw failed;
            }
            if (count > 1) {
                return splice(sql, channel, generation, work.firstAdmissions(count / 2), now);
            }
            LOG.error("cannot index {}", work.admissions().getFirst().filename(), failed);
            PendingWork.noteFailure(sql, work.admissions().getFirst(), "indexing it failed", now);
            return splice(sql, channel, generation, work.firstAdmissions(0), now);
        }
    }

    private static void noteAdmitted(DSLContext sql, ChannelRow channel, long generation, PendingWork work,
        Instant now) {
        sql.execute("""
            update admission a set work = null, place = ? + u.number - 1, admitted_generation = ?, failure = null
            from unnest(?::bigint[]) with ordinality u(id, number) where a.id = u.id""",
            channel.nextPlace(), generation, ids(work.admissions(), PendingWork.Entry::id));
        if (channel.isMain()) {
            sql.execute("update package set state = 'indexed', failure = null where id = any(?::bigint[]) "
                + "and state not in ('deleted', 'quarantined')",
                (Object) ids(work.admissions(), PendingWork.Entry::packageId));
        }
        sql.execute("""
            update admission set work = null, removed_generation = ?, removed_at = ?::timestamptz
            where id = any(?::bigint[])""", generation, now, ids(work.removals(), PendingWork.Entry::id));
    }

    private static Long[] ids(List<PendingWork.Entry> entries, Function<PendingWork.Entry, Long> id) {
        return entries.stream().map(id).toArray(Long[]::new);
    }

    private IndexLayout layout(ChannelRow channel) {
        return formats.layout(channel.suite().family());
    }

    /// When the root has to be signed again, long before half of its life is gone; null when it lives for ever.
    private Instant dueAt(ChannelRow channel, Instant date) {
        return channel.options().validFor().filter(_ -> layout(channel).expires())
            .map(life -> date.plus(life.multipliedBy(2).dividedBy(5))).orElse(null);
    }

    /// Lets the layout make the root files of the generation, and signs them. Returns its date.
    private Instant writeRoots(DSLContext sql, ChannelRow channel, long generation, Instant now) {
        Instant date = date(sql, channel, now);
        sql.execute("update channel_generation set replaced_at = ?::timestamptz "
            + "where channel_id = ? and generation = ?", now, channel.id(), channel.generation());
        sql.execute("insert into channel_generation (channel_id, generation, released_at) "
            + "values (?, ?, ?::timestamptz)", channel.id(), generation, date);
        var facts = new ChannelFacts(host + "/" + channel.repository(), channel.repository().name(),
            channel.suite().codename(), generation, date, channel.options(), ViewPatches.of(sql, channel.id()));
        SigningTurn turn = signer.turn(sql, channel.repositoryId(), channel.id(), generation);
        for (RootFile root : layout(channel).roots(facts, files(sql, channel, generation),
            new RepositorySigner(turn, date))) {
            sql.execute("insert into root_file (channel_id, path, generation, bytes) values (?, ?, ?, ?)",
                channel.id(), root.path(), generation, root.bytes());
        }
        return date;
    }

    /// Now, in whole seconds, but never before the generation that is visible.
    private static Instant date(DSLContext sql, ChannelRow channel, Instant now) {
        return sql.fetchOptional("select released_at from channel_generation where channel_id = ? "
                + "and generation = ?", channel.id(), channel.generation())
            .map(row -> row.get("released_at", Instant.class))
            .filter(previous -> previous.isAfter(now)).orElse(now).truncatedTo(ChronoUnit.SECONDS);
    }

    private static List<PublishedFile> files(DSLContext sql, ChannelRow channel, long generation) {
        return sql.fetch("""
            select v.kind, v.architecture, v.generation, f.form, f.sha256, f.length_bytes
            from index_view v join index_file f on f.view_id = v.id and f.generation = v.generation
            where v.channel_id = ? and v.stale_since is null order by v.kind, v.architecture, f.form""", channel.id())
            .map(row ->
                new PublishedFile(new ViewKey(row.get("kind", String.class), row.get("architecture", String.class)),
                    StoredView.form(row.get("form", String.class)), row.get("length_bytes", Long.class),
                    row.get("sha256", String.class),
                    channel.signAgain() || row.get("generation", Long.class) == generation));
    }

    private static void movePointer(DSLContext sql, ChannelRow channel, long generation, PendingWork work) {
        int moved = sql.execute("update channel set generation = ?, next_place = ? where id = ? and generation = ?",
            generation, channel.nextPlace() + work.admissions().size(), channel.id(), channel.generation());
        if (moved != 1) {
            throw new IllegalStateException("channel " + channel.id() + " has left generation "
                + channel.generation() + " while it was held");
        }
    }
}
