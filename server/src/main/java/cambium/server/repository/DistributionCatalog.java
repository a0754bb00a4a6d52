package cambium.server.repository;

import cambium.formats.PackageFamily;
import cambium.server.http.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The distributions that packages can be pushed for, under packagecloud's own ids, which are baked into clients.
/// The content is the resource `distributions.json`, answered as it is.
public final class DistributionCatalog {
    private static final Map<String, PackageFamily> FAMILIES =
        Map.of("deb", PackageFamily.APT, "rpm", PackageFamily.RPM, "anyfile", PackageFamily.ANYFILE);

    private final byte[] json;
    private final Map<Integer, KnownSuite> byId = new LinkedHashMap<>();
    private final Map<String, KnownSuite> byName = new LinkedHashMap<>();
    private final Map<String, PackageFamily> familyByDistribution = new LinkedHashMap<>();

    private DistributionCatalog(byte[] json) {
        this.json = json;
        Json.read(json).properties().forEach(type -> type.getValue().forEach(distribution ->
            distribution.path("versions").forEach(version -> add(type.getKey(), distribution, version))));
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

    private void add(String type, JsonNode distribution, JsonNode version) {
        PackageFamily family = FAMILIES.get(type);
        if (family == null) {
            return;
        }
        String slug = distribution.path("index_name").textValue();
        String codename = version.path("index_name").textValue();
        var suite = new KnownSuite(version.path("id").intValue(), slug, codename, family);
        byId.put(suite.distroVersionId(), suite);
        byName.put(slug + "/" + codename, suite);
        familyByDistribution.put(slug, family);
        version.path("version_number").asText("").transform(number -> putNumber(slug, number, suite));
    }

    /// `debian/12` and `debian/12.0` mean bookworm, too.
    private String putNumber(String slug, String number, KnownSuite suite) {
        if (!number.isEmpty() && !number.equals("null")) {
            byName.putIfAbsent(slug + "/" + number, suite);
            if (number.endsWith(".0")) {
                byName.putIfAbsent(slug + "/" + number.substring(0, number.length() - 2), suite);
            }
        }
        return number;
    }

    /// The whole catalogue as the API answers it.
    byte[] json() {
        return json.clone();
    }

    /// Where packages with this id go; empty when the id is unknown or for packages that have no home here.
    Optional<KnownSuite> suite(int distroVersionId) {
        return Optional.ofNullable(byId.get(distroVersionId));
    }

    /// By names in any case: `debian` and `bookworm`, `12` or `12.0`; `el` and `9` or `9.0`.
    public Optional<KnownSuite> suite(String distribution, String version) {
        String name = distribution.toLowerCase(Locale.ROOT) + "/" + version.toLowerCase(Locale.ROOT);
        return Optional.ofNullable(byName.get(name));
    }

    /// What a distribution's packages and indexes are, by the first folder of its address.
    Optional<PackageFamily> family(String distribution) {
        return Optional.ofNullable(familyByDistribution.get(distribution));
    }
}
