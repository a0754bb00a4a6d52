package cambium.server.repository;

import cambium.server.access.Permission;
import cambium.server.config.Role;
import cambium.server.http.Answer;
import cambium.server.http.Call;
import cambium.server.http.Handler;
import cambium.server.http.Method;
import cambium.server.http.Parameters;
import cambium.server.http.Refused;
import cambium.server.http.Route;
import cambium.server.repository.format.PackagePolicy;
import cambium.server.repository.format.PackagePolicy.Signatures;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/// Shows, sets and ends what a repository asks of packages. A policy is set as a whole: what is not named is not asked.
final class PackagePolicyRoutes {
    private static final String PATH = "/api/repositories/{owner}/{repo}/policy";
    private static final int MAX_ARCHITECTURES = 64;

    private final RepositoryAccess access;
    private final PackagePolicies policies;

    PackagePolicyRoutes(RepositoryAccess access, PackagePolicies policies) {
        this.access = access;
        this.policies = policies;
    }

    List<Route> routes() {
        return List.of(route(Method.GET, this::show), route(Method.PUT, this::set), route(Method.DELETE, this::end));
    }

    private static Route route(Method method, Handler handler) {
        return new Route(method, PATH, Role.WEB, Permission.MANAGE_REPOSITORY, handler);
    }

    private Answer show(Call call) {
        return Answer.json(200, json(policies.of(repository(call))));
    }

    private Answer set(Call call) {
        Parameters given = call.parameters();
        boolean isStrong = oneOf(given, "digests", List.of("any", "strong")).equals("strong");
        boolean isOpenForSources = oneOf(given, "sources", List.of("true", "false")).equals("true");
        Signatures signatures = Signatures.valueOf(oneOf(given, "signatures", Arrays.stream(Signatures.values())
            .map(PackagePolicyRoutes::word).toList()).toUpperCase(Locale.ROOT));
        var policy = new PackagePolicy(signatures, isStrong, isOpenForSources, architectures(given), List.of());
        long repository = repository(call);
        policies.set(repository, policy);
        return Answer.json(200, json(policies.of(repository)));
    }

    private Answer end(Call call) {
        policies.end(repository(call));
        return Answer.json(200, Map.of());
    }

    private static String word(Signatures signatures) {
        return signatures.name().toLowerCase(Locale.ROOT);
    }

    /// The first word is what holds when nothing is said.
    private static String oneOf(Parameters given, String name, List<String> words) {
        String word = given.first(name).orElse(words.getFirst());
        if (!words.contains(word)) {
            throw new Refused(422, "invalid_field", "'" + name + "' is one of " + String.join(", ", words), name);
        }
        return word;
    }

    /// As a list, or as words with commas between them.
    private static List<String> architectures(Parameters given) {
        List<String> words = Stream.concat(given.all("architectures[]").stream(),
            given.all("architectures").stream().flatMap(text -> Arrays.stream(text.split(",")))).map(String::strip)
            .filter(word -> !word.isEmpty()).distinct().sorted().toList();
        if (words.size() > MAX_ARCHITECTURES || !words.stream().allMatch(word -> word.matches("[a-z0-9_-]{1,32}"))) {
            throw new Refused(422, "invalid_field", "'architectures' are at most " + MAX_ARCHITECTURES
                + " words such as x86_64 or amd64", "architectures");
        }
        return words;
    }

    private static Map<String, Object> json(PackagePolicy policy) {
        var json = new LinkedHashMap<String, Object>();
        json.put("signatures", word(policy.signatures()));
        json.put("digests", policy.strongDigests() ? "strong" : "any");
        json.put("sources", policy.sources());
        json.put("architectures", policy.architectures());
        return json;
    }

    private long repository(Call call) {
        return access.readable(call).map(StoredRepository::id).orElseThrow(() ->
            new Refused(404, "unknown_repository", "there is no such repository"));
    }
}
