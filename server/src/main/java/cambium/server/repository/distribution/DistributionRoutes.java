package cambium.server.repository.distribution;

import cambium.server.access.Permission;
import cambium.server.config.Role;
import cambium.server.http.Answer;
import cambium.server.http.Call;
import cambium.server.http.Method;
import cambium.server.http.Parameters;
import cambium.server.http.Refused;
import cambium.server.http.Route;
import cambium.server.repository.AddedDistribution;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// `/api/distributions`: those that were added here. All that there are stand in packagecloud's list.
public final class DistributionRoutes {
    private static final String ALL = "/api/distributions";
    private static final String DISTRIBUTION = "[a-z][a-z0-9_-]{1,39}";
    private static final String VERSION = "[a-z0-9][a-z0-9._-]{0,39}";
    private static final String NUMBER = "[0-9]{1,4}(\\.[0-9]{1,4}){0,2}";
    private static final int MAX_NAME_CHARACTERS = 80;
    /// First folders below a repository that mean something else.
    private static final Set<String> RESERVED = Set.of("packages", "rings", "gpgkey", "rsakey", "maven2", "java",
        "pypi", "npm", "helm", "alpine", "gems", "gem", "quick", "api", "install", "tokens", "keys", "upload", "search",
        "statistics", "settings", "stream", "python", "node", "anyfile", "policy", "retention", "withdrawn");

    private final AddedDistributions added;

    public DistributionRoutes(AddedDistributions added) {
        this.added = added;
    }

    public List<Route> routes() {
        return List.of(
            new Route(Method.GET, ALL, Role.WEB, Permission.READ_REPOSITORY, _ -> Answer.json(200,
                Map.of("distributions", added.all().stream().map(DistributionRoutes::json).toList()))),
            new Route(Method.POST, ALL, Role.WEB, Permission.MANAGE_REPOSITORY, this::add),
            new Route(Method.DELETE, ALL + "/{id}", Role.WEB, Permission.MANAGE_REPOSITORY, this::remove));
    }

    private Answer add(Call call) {
        Parameters form = call.parameters();
        String type = text(form, "type");
        String distribution = text(form, "distribution");
        String version = text(form, "version");
        Optional<String> number = form.first("version_number").map(String::strip).filter(text -> !text.isEmpty());
        if (!type.equals("deb") && !type.equals("rpm")) {
            throw invalid("type", "a distribution is for packages of type deb or rpm");
        }
        if (!distribution.matches(DISTRIBUTION) || RESERVED.contains(distribution)) {
            throw invalid("distribution", "the name stands in addresses: 2 to 40 lower-case letters, digits, '_' and "
                + "'-', and no word that already means something there");
        }
        if (!version.matches(VERSION)) {
            throw invalid("version", "the codename stands in addresses: up to 40 lower-case letters, digits, '.', '_' "
                + "and '-'");
        }
        if (number.isPresent() && !number.get().matches(NUMBER)) {
            throw invalid("version_number", "a version's number is like 15 or 15.4");
        }
        var wanted = new AddedDistribution(0, type, distribution, name(form, "distribution_name", distribution),
            version, name(form, "version_name", number.map(text -> text + " " + version).orElse(version)), number);
        return switch (added.add(wanted)) {
            case AddedDistributions.Added.Done(AddedDistribution done) -> Answer.json(201, json(done));
            case AddedDistributions.Added.TooNear(String other) -> throw new Refused(409, "distribution_too_near",
                "'" + wanted.slug() + "' and '" + other + "' cannot both be there: clients look them up by a part of "
                + "the name", "version");
            case AddedDistributions.Added.OtherType() -> throw new Refused(409, "distribution_of_other_type",
                "'" + distribution + "' is there for packages of another type", "type");
        };
    }

    private Answer remove(Call call) {
        String id = call.param("id");
        return switch (id.matches("[0-9]{1,9}") ? added.remove(Integer.parseInt(id))
            : AddedDistributions.Removed.UNKNOWN) {
            case DONE -> Answer.empty(204);
            case UNKNOWN -> throw new Refused(404, "unknown_distribution",
                "no distribution with this id was added here");
            case IN_USE -> throw new Refused(409, "distribution_in_use", "a repository has packages for it");
        };
    }

    private static String text(Parameters form, String name) {
        return form.first(name).map(String::strip).orElse("");
    }

    private static String name(Parameters form, String field, String otherwise) {
        String name = form.first(field).map(String::strip).filter(text -> !text.isEmpty()).orElse(otherwise);
        if (name.length() > MAX_NAME_CHARACTERS || name.chars().anyMatch(c -> c < ' ')) {
            throw invalid(field, "a name has at most " + MAX_NAME_CHARACTERS + " characters");
        }
        return name;
    }

    private static Map<String, Object> json(AddedDistribution one) {
        var json = new LinkedHashMap<String, Object>();
        json.put("id", one.id());
        json.put("type", one.type());
        json.put("distribution", one.distribution());
        json.put("distribution_name", one.distributionName());
        json.put("version", one.version());
        json.put("version_name", one.versionName());
        json.put("version_number", one.versionNumber().orElse(null));
        return json;
    }

    private static Refused invalid(String field, String message) {
        return new Refused(422, field + "_invalid", message, field);
    }
}
