package cambium.server.fleet.postgres;

import cambium.rollout.Fleet;
import cambium.rollout.FleetEvent;
import cambium.rollout.LogFlaw;
import cambium.server.fleet.FleetStore;
import cambium.server.fleet.json.FleetJson;
import java.util.List;
import java.util.stream.Stream;
import org.jooq.DSLContext;

/// A fleet, with the hash of the event that made it.
///
/// @param flaws met in the log on the way, also those that somebody accepted; the first {@link #MAX_FLAWS}
/// @param anew whether it was folded from the first event, since something was accepted
record Folded(Fleet fleet, long revision, String hash, List<LogFlaw> flaws, boolean anew) {
    static final Folded NOTHING = new Folded(Fleet.empty(), 0, FleetJson.FIRST_HASH, List.of(), false);
    private static final int MAX_FLAWS = 1_000;

    static Folded stored(Fleet fleet, long revision, String hash) {
        return new Folded(fleet, revision, hash, List.of(), false);
    }

    /// What nobody has accepted.
    List<LogFlaw> unaccepted() {
        return flaws.stream().filter(flaw -> !fleet.log().accepts(flaw)).toList();
    }

    /// With everything in it believed.
    Folded asKnown() {
        return stored(fleet, revision, hash);
    }

    /// Folds on. Once something is accepted the fold begins at the first event again, here as in every process: what
    /// stands there now counts from its place on, which an earlier fold may have known otherwise.
    Folded to(DSLContext sql, long head, String headHash) {
        var at = this;
        while (at.revision() < head) {
            var rows = LogRows.after(sql, at.revision, at.hash, FleetStore.MAX_EVENTS_PER_READ);
            if (rows.upTo() == at.revision) {
                throw new IllegalStateException("the fleet's log lacks event " + (at.revision + 1));
            }
            if (revision > 0 && rows.events().stream().anyMatch(each ->
                    each.event() instanceof FleetEvent.LogAccepted)) {
                var all = NOTHING.to(sql, head, headHash);
                return new Folded(all.fleet, all.revision, all.hash, all.flaws, true);
            }
            at = at.with(rows);
        }
        boolean endDoubted = at.flaws.stream().anyMatch(flaw -> flaw.number() >= head);
        if (at.revision == head && !at.hash.equals(headHash) && !endDoubted) {
            throw new IllegalStateException("the fleet's log was changed: its hash at event " + head + " is wrong");
        }
        return at;
    }

    private Folded with(LogRows rows) {
        var events = rows.events().stream().map(each -> each.event()).toList();
        return new Folded(fleet.after(events).read(rows.upTo(), fleet.log().read()), rows.upTo(), rows.hash(),
                Stream.concat(flaws.stream(), rows.flaws().stream()).limit(MAX_FLAWS).toList(), anew);
    }
}
