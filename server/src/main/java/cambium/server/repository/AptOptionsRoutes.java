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

    private Answer show(Call call) {
        return access.readable(call).map(repository -> (Answer) Answer.json(200, json(options(repository.id()))))
            .orElseGet(RepositoryAccess::unknown);
    }

    /// Whatever is not named stays as it is; `valid_for_seconds` of nothing or 0 ends the stating of an end.
    private Answer change(Call call) {
        return access.readable(call).map(repository -> {
            ChannelOptions wanted = wanted(call.parameters(), options(repository.id()));
            database.transact(sql -> {
                sql.execute("update repository set apt_contents = ?, apt_translations = ?, "
                    + "apt_valid_for_seconds = ?::bigint where id = ?", wanted.contents(), wanted.translations(),
                    wanted.validFor().map(Duration::toSeconds).orElse(null), repository.id());
                sql.execute("""
                    update channel c set due_at = ?::timestamptz from suite s
                    where s.id = c.suite_id and s.repository_id = ?""", clock.instant(), repository.id());
                Notices.notify(sql, Packages.WORK, "");
                return repository.id();
            });
            return (Answer) Answer.json(200, json(wanted));
        }).orElseGet(RepositoryAccess::unknown);
    }

    private ChannelOptions options(long repositoryId) {
        return database.read(sql -> ChannelRow.options(sql.fetchSingle(
            "select apt_contents, apt_translations, apt_valid_for_seconds from repository where id = ?",
            repositoryId)));
    }

    private static ChannelOptions wanted(Parameters given, ChannelOptions now) {
        return new ChannelOptions(flag(given, "contents", now.contents()),
            flag(given, "translations", now.translations()), life(given, now.validFor()));
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
        if (text.get().isEmpty() || text.get().equals("0")) {
            return Optional.empty();
        }
        Optional<Duration> life = text.filter(digits -> digits.matches("[0-9]{1,10}")).map(Long::parseLong)
            .map(Duration::ofSeconds).filter(some -> some.compareTo(SHORTEST_LIFE) >= 0)
            .filter(some -> some.compareTo(LONGEST_LIFE) <= 0);
        if (life.isEmpty()) {
            throw new Refused(422, "option_invalid", "valid_for_seconds is 0, or from " + SHORTEST_LIFE.toSeconds()
                + " to " + LONGEST_LIFE.toSeconds());
        }
        return life;
    }

    private static Map<String, Object> json(ChannelOptions options) {
        var json = new LinkedHashMap<String, Object>();
        json.put("contents", options.contents());
        json.put("translations", options.translations());
        json.put("valid_for_seconds", options.validFor().map(Duration::toSeconds).orElse(0L));
        return json;
    }
}
