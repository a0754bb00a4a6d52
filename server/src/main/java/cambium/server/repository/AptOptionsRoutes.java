package cambium.server.repository;

import cambium.server.access.Permission;
import cambium.server.config.Role;
import cambium.server.http.Answer;
import cambium.server.http.Call;
import cambium.server.http.Method;
import cambium.server.http.Parameters;
import cambium.server.http.Refused;
import cambium.server.http.Route;
import cambium.server.repository.format.ChannelOptions;
import cambium.server.sql.Database;
import cambium.server.sql.Notices;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.Record;

/// What a repository offers to apt beyond the plain indexes: `contents`, `translations`, `valid_for_seconds`. A change
/// makes every channel of the repository anew.
final class AptOptionsRoutes {
    private static final String PATH = "/api/v1/repos/{owner}/{repo}/apt[.json]";
    private static final Duration SHORTEST_LIFE = Duration.ofMinutes(10);
    private static final Duration LONGEST_LIFE = Duration.ofDays(3650);

    private final RepositoryAccess access;
    private final Database database;
    private final InstantSource clock;

    AptOptionsRoutes(RepositoryAccess access, Database database, InstantSource clock) {
        this.access = access;
        this.database = database;
        this.clock = clock;
    }

    List<Route> routes() {
        return List.of(
            new Route(Method.GET, PATH, Role.WEB, Permission.MANAGE_REPOSITORY, this::show),
            new Route(Method.PUT, PATH, Role.WEB, Permission.MANAGE_REPOSITORY, this::change));
    }

    /// `ownLife`: what the repository says itself of how long it is valid, zero for ever; empty where it leaves that to
    /// the server.
    private record Chosen(ChannelOptions options, Optional<Duration> ownLife, long serversSeconds) {}

    private Answer show(Call call) {
        return access.readable(call).map(repository -> (Answer) Answer.json(200, json(repository.id())))
            .orElseGet(RepositoryAccess::unknown);
    }

    /// Whatever is not named stays as it is; `valid_for_seconds` of 0 ends the stating of an end, and of nothing or
    /// `default` leaves it to the server.
    private Answer change(Call call) {
        return access.readable(call).map(repository -> {
            Chosen wanted = wanted(call.parameters(), chosen(repository.id()));
            database.transact(sql -> {
                sql.execute("update repository set apt_contents = ?, apt_translations = ?, "
                    + "apt_valid_for_seconds = ?::bigint where id = ?", wanted.options().contents(),
                    wanted.options().translations(), wanted.ownLife().map(Duration::toSeconds).orElse(null),
                    repository.id());
                sql.execute("""
                    update channel c set due_at = ?::timestamptz from suite s
                    where s.id = c.suite_id and s.repository_id = ?""", clock.instant(), repository.id());
                Notices.notify(sql, Packages.WORK, "");
                return repository.id();
            });
            return (Answer) Answer.json(200, json(repository.id()));
        }).orElseGet(RepositoryAccess::unknown);
    }

    private Chosen chosen(long repositoryId) {
        return database.read(sql -> {
            Record row = sql.fetchSingle("select apt_contents, apt_translations, apt_valid_for_seconds as own, "
                + "coalesce((select valid_for_seconds from apt_default), 0) as servers, "
                + ChannelRow.VALID_FOR + " from repository r where id = ?", repositoryId);
            return new Chosen(ChannelRow.options(row),
                Optional.ofNullable(row.get("own", Long.class)).map(Duration::ofSeconds),
                row.get("servers", Long.class));
        });
    }

    private static Chosen wanted(Parameters given, Chosen now) {
        ChannelOptions options = now.options();
        return new Chosen(new ChannelOptions(flag(given, "contents", options.contents()),
            flag(given, "translations", options.translations()), options.validFor()), life(given, now.ownLife()),
            now.serversSeconds());
    }

    private static boolean flag(Parameters given, String name, boolean now) {
        return switch (given.first(name).orElse(now ? "true" : "false")) {
            case "true", "1" -> true;
            case "false", "0" -> false;
            default -> throw new Refused(422, "option_invalid", name + " is true or false");
        };
    }

    private static Optional<Duration> life(Parameters given, Optional<Duration> now) {
        Optional<String> text = given.first("valid_for_seconds");
        if (text.isEmpty()) {
            return now;
        }
        if (text.get().isEmpty() || text.get().equals("default")) {
            return Optional.empty();
        }
        if (text.get().equals("0")) {
            return Optional.of(Duration.ZERO);
        }
        Optional<Duration> life = text.filter(digits -> digits.matches("[0-9]{1,10}")).map(Long::parseLong)
            .map(Duration::ofSeconds).filter(some -> some.compareTo(SHORTEST_LIFE) >= 0)
            .filter(some -> some.compareTo(LONGEST_LIFE) <= 0);
        if (life.isEmpty()) {
            throw new Refused(422, "option_invalid", "valid_for_seconds is default, 0, or from "
                + SHORTEST_LIFE.toSeconds() + " to " + LONGEST_LIFE.toSeconds());
        }
        return life;
    }

    private Map<String, Object> json(long repositoryId) {
        Chosen chosen = chosen(repositoryId);
        ChannelOptions options = chosen.options();
        var json = new LinkedHashMap<String, Object>();
        json.put("contents", options.contents());
        json.put("translations", options.translations());
        json.put("valid_for_seconds", options.validFor().map(Duration::toSeconds).orElse(0L));
        json.put("valid_for_said_by", chosen.ownLife().isPresent() ? "repository" : "server");
        json.put("server_valid_for_seconds", chosen.serversSeconds());
        return json;
    }
}
