package cambium.server.repository;

import cambium.formats.PackageFamily;
import cambium.server.http.Json;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The distributions that packages can be pushed for: packagecloud's under its own ids, which are baked into clients
/// (the resource `distributions.json`), and those that were added here. Whoever asks sees one state of the whole.
public final class DistributionCatalog {
    private static final Map<String, PackageFamily> FAMILIES =
        Map.of("deb", PackageFamily.APT, "rpm", PackageFamily.RPM, "anyfile", PackageFamily.ANYFILE);
    /// Source packages are listed as packages of their own type with the same distributions.
    private static final Map<String, List<String>> LISTED_UNDER = Map.of("deb", List.of("deb", "dsc"),
        "rpm", List.of("rpm"));

    private final byte[] packageclouds;
    private volatile Known known;

    private DistributionCatalog(byte[] packageclouds) {
        this.packageclouds = packageclouds;
        this.known = new Known(packageclouds);
    }

    public static DistributionCatalog load() {
        try (var in = DistributionCatalog.class.getResourceAsStream("distributions.json")) {
            if (in == null) {
                throw new IllegalStateException("distributions.json is not in the program");
            }
            return new DistributionCatalog(in.readAllBytes());
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /// From now on these stand beside packagecloud's, and no others.
    public void showAdded(List<AddedDistribution> added) {
        if (added.isEmpty()) {
            known = new Known(packageclouds);
            return;
        }
        var all = (ObjectNode) Json.read(packageclouds);
        for (AddedDistribution one : added) {
            for (String type : LISTED_UNDER.get(one.type())) {
                versions((ArrayNode) all.get(type), one).add(one.versionJson());
            }
        }
        known = new Known(Json.write(all));
    }

    private static ArrayNode versions(ArrayNode distributions, AddedDistribution added) {
        for (JsonNode distribution : distributions) {
            if (distribution.path("index_name").asText().equals(added.distribution())) {
                return (ArrayNode) distribution.get("versions");
            }
        }
        ObjectNode fresh = distributions.addObject();
        fresh.put("display_name", added.distributionName());
        fresh.put("index_name", added.distribution());
        return fresh.putArray("versions");
    }

    /// The whole catalogue as the API answers it.
    byte[] json() {
        return known.json.clone();
    }

    /// All `distribution/version` there are, of every type; each once or more.
    public List<String> slugs() {
        var slugs = new ArrayList<String>();
        Json.read(known.json).properties().forEach(type -> type.getValue().forEach(distribution ->
            distribution.path("versions").forEach(version -> slugs.add(
                distribution.path("index_name").asText() + "/" + version.path("index_name").asText("")))));
        return slugs;
    }

    /// Where packages with this id go; empty when the id is unknown or for packages that have no home here.
    Optional<KnownSuite> suite(int distroVersionId) {
        return Optional.ofNullable(known.byId.get(distroVersionId));
    }

    /// What an id of packagecloud's is for whose packages have no home here, such as `py`.
    Optional<String> foreignType(int distroVersionId) {
        return Optional.ofNullable(known.foreignTypes.get(distroVersionId));
    }

    /// By names in any case: `debian` and `bookworm`, `12` or `12.0`; `el` and `9` or `9.0`.
    public Optional<KnownSuite> suite(String distribution, String version) {
        String name = distribution.toLowerCase(Locale.ROOT) + "/" + version.toLowerCase(Locale.ROOT);
        return Optional.ofNullable(known.byName.get(name));
    }

    /// What a distribution's packages and indexes are, by the first folder of its address.
    public Optional<PackageFamily> family(String distribution) {
        return Optional.ofNullable(known.familyByDistribution.get(distribution));
    }

    /// One state of the catalogue, never changed once it is made.
    private static final class Known {
        private final byte[] json;
        private final Map<Integer, KnownSuite> byId = new LinkedHashMap<>();
        private final Map<Integer, String> foreignTypes = new LinkedHashMap<>();
        private final Map<String, KnownSuite> byName = new LinkedHashMap<>();
        private final Map<String, PackageFamily> familyByDistribution = new LinkedHashMap<>();

        Known(byte[] json) {
            this.json = json;
            Json.read(json).properties().forEach(type -> type.getValue().forEach(distribution ->
                distribution.path("versions").forEach(version -> add(type.getKey(), distribution, version))));
        }

        private void add(String type, JsonNode distribution, JsonNode version) {
            PackageFamily family = FAMILIES.get(type);
            if (family == null) {
                foreignTypes.put(version.path("id").intValue(), type);
                return;
            }
            String slug = distribution.path("index_name").textValue();
            String codename = version.path("index_name").textValue();
            var suite = new KnownSuite(version.path("id").intValue(), slug, codename, family);
            byId.put(suite.distroVersionId(), suite);
            byName.put(slug + "/" + codename, suite);
            familyByDistribution.put(slug, family);
            putNumber(slug, version.path("version_number").asText(""), suite);
        }

        /// `debian/12` and `debian/12.0` mean bookworm, too.
        private void putNumber(String slug, String number, KnownSuite suite) {
            if (!number.isEmpty() && !number.equals("null")) {
                byName.putIfAbsent(slug + "/" + number, suite);
                if (number.endsWith(".0")) {
                    byName.putIfAbsent(slug + "/" + number.substring(0, number.length() - 2), suite);
                }
            }
        }
    }
}
