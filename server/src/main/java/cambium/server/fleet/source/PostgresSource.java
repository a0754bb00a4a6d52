package cambium.server.fleet.source;

import cambium.server.config.FleetGit;
import cambium.server.fleet.Epoch;
import cambium.server.fleet.source.SourceState.Applied;
import cambium.server.fleet.source.SourceState.Refusal;
import cambium.server.fleet.source.SourceState.Seen;
import cambium.server.fleet.source.SourceState.Standing;
import cambium.server.fleet.source.SourceState.State;
import cambium.server.fleet.source.SourceState.Trouble;
import cambium.server.sql.Database;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Optional;
import org.jooq.Record;

/// Keeps the state of the source in PostgreSQL, for all processes. Whoever coordinates writes under the epoch of its
/// lease; one that has lost it changes nothing.
public final class PostgresSource implements FollowedSource {
    private static final String LEADS =
            " and exists (select 1 from fleet_head where epoch = ? and lease_until > clock_timestamp())";

    private final Database database;

    public PostgresSource(Database database) {
        this.database = database;
    }

    @Override
    public SourceState state() {
        return database.read(sql -> state(sql.fetchSingle("select * from fleet_source")));
    }

    private static SourceState state(Record row) {
        var since = row.get("state_since", Instant.class);
        var state = Arrays.stream(State.values())
                .filter(each -> each.word().equals(row.get("state", String.class))).findFirst().orElseThrow();
        var refusal = text(row, "code").map(code -> new Refusal(code, row.get("message", String.class)));
        var seen = text(row, "seen_commit").map(commit -> new Seen(commit, row.get("seen_at", Instant.class),
                row.get("author", String.class), row.get("contains_applied", Boolean.class),
                Optional.ofNullable(row.get("content", byte[].class)), refusal));
        return new SourceState(row.get("followed", Boolean.class), row.get("url", String.class),
                row.get("branch", String.class), row.get("file", String.class),
                Optional.ofNullable(row.get("looked_at", Instant.class)),
                text(row, "trouble").map(why -> new Trouble(why, row.get("trouble_since", Instant.class))),
                seen, new Standing(state, refusal, since),
                text(row, "applied_commit").map(commit -> new Applied(commit, row.get("applied_at", Instant.class),
                        row.get("applied_by", String.class), row.get("applied_content", byte[].class))));
    }

    private static Optional<String> text(Record row, String column) {
        return Optional.ofNullable(row.get(column, String.class));
    }

    /// From now on that repository is followed, or none. What was seen of another one is forgotten.
    boolean follow(Epoch epoch, Optional<FleetGit> git) {
        var url = git.map(FleetGit::url).orElse("");
        var branch = git.map(FleetGit::branch).orElse("");
        var file = git.map(FleetGit::file).orElse("");
        return database.transactBriefly(sql -> sql.execute("update fleet_source set followed = ?, url = ?, branch = ?, "
                + "file = ?, looked_at = null, trouble = null, trouble_since = null, seen_commit = null, "
                + "seen_at = null, author = null, content = null, state = 'starting', code = null, message = null, "
                + "state_since = clock_timestamp(), applied_commit = null, applied_at = null, applied_by = null, "
                + "applied_content = null where (followed, url, branch, file) is distinct from (?, ?, ?, ?)" + LEADS,
                git.isPresent(), url, branch, file, git.isPresent(), url, branch, file, epoch.number()) > 0);
    }

    void looked(Epoch epoch, Instant at) {
        database.transactBriefly(sql -> sql.execute("update fleet_source set looked_at = ?::timestamptz, "
                + "trouble = null, trouble_since = null where true" + LEADS, at.atOffset(ZoneOffset.UTC),
                epoch.number()));
    }

    void troubled(Epoch epoch, String why, Instant at) {
        database.transactBriefly(sql -> sql.execute("update fleet_source set trouble = ?, trouble_since = "
                + "coalesce(trouble_since, ?::timestamptz) where true" + LEADS, why, at.atOffset(ZoneOffset.UTC),
                epoch.number()));
    }

    /// How the fleet stands to that commit is not known yet: what was said of the one before must not stand beside it.
    void seen(Epoch epoch, Seen seen) {
        var at = seen.at().atOffset(ZoneOffset.UTC);
        database.transactBriefly(sql -> sql.execute("update fleet_source set seen_commit = ?, seen_at = "
                + "?::timestamptz, author = ?, contains_applied = ?, content = ?, code = ?, message = ?, "
                + "state = 'starting', state_since = ?::timestamptz where true"
                + LEADS, seen.commit(), at, seen.author(), seen.containsApplied(),
                seen.content().orElse(null), seen.refusal().map(Refusal::code).orElse(null),
                seen.refusal().map(Refusal::message).orElse(null), at, epoch.number()));
    }

    void stands(Epoch epoch, State state, Optional<Refusal> refusal, Instant at) {
        var code = refusal.map(Refusal::code).orElse(null);
        var message = refusal.map(Refusal::message).orElse(null);
        database.transactBriefly(sql -> sql.execute("update fleet_source set state_since = case when state = ? then "
                + "state_since else ?::timestamptz end, state = ?, code = ?, message = ? where true" + LEADS,
                state.word(), at.atOffset(ZoneOffset.UTC), state.word(), code, message, epoch.number()));
    }

    /// The fleet has taken that commit through a ring, and the rest waits.
    ///
    /// @param content the fleet as it is now, as a file: what the next look compares with
    void appliedPart(String commit, byte[] content, String by, Instant at) {
        var time = at.atOffset(ZoneOffset.UTC);
        database.transactBriefly(sql -> sql.execute("update fleet_source set applied_content = ?, applied_at = "
                + "?::timestamptz, applied_by = ?, applied_commit = seen_commit, contains_applied = true, state = "
                + "'staged', code = null, message = null, state_since = ?::timestamptz where seen_commit = ?", content,
                time, by, time, commit));
    }

    /// The fleet has taken that commit, whoever asked for it; one that it had taken before keeps who and when.
    void applied(String commit, byte[] content, String by, Instant at) {
        var time = at.atOffset(ZoneOffset.UTC);
        database.transactBriefly(sql -> sql.execute("update fleet_source set applied_content = ?, "
                + "applied_at = case when applied_commit = seen_commit then applied_at else ?::timestamptz end, "
                + "applied_by = case when applied_commit = seen_commit then applied_by else ? end, "
                + "applied_commit = seen_commit, contains_applied = true, "
                + "state = 'in-step', code = null, message = null, state_since = ?::timestamptz where seen_commit = ? "
                + "and (applied_commit is distinct from seen_commit or state <> 'in-step')", content, time, by, time,
                commit));
    }
}
