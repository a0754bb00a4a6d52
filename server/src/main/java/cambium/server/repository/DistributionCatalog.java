package cambium.server.repository;

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
    private final byte[] json;
    private final Map<Integer, KnownSuite> debById = new LinkedHashMap<>();
    private final Map<String, KnownSuite> debByName = new LinkedHashMap<>();
    private final Map<Integer, String> typeById = new LinkedHashMap<>();

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
        int id = version.path("id").intValue();
        typeById.putIfAbsent(id, type);
        if (type.equals("deb")) {
            String slug = distribution.path("index_name").textValue();
            String codename = version.path("index_name").textValue();
            var suite = new KnownSuite(id, slug, codename);
            debById.put(id, suite);
            debByName.put(slug + "/" + codename, suite);
            version.path("version_number").asText("").transform(number -> putNumber(slug, number, suite));
        }
    }

    /// `debian/12` and `debian/12.0` mean bookworm, too.
    private String putNumber(String slug, String number, KnownSuite suite) {
        if (!number.isEmpty() && !number.equals("null")) {
            debByName.putIfAbsent(slug + "/" + number, suite);
            if (number.endsWith(".0")) {
                debByName.putIfAbsent(slug + "/" + number.substring(0, number.length() - 2), suite);
            }
        }
        return number;
    }

    /// The whole catalogue as the API answers it.
    byte[] json() {
        return json.clone();
    }

    /// Where a .deb with this id goes; empty when the id is unknown or not one for .deb.
    Optional<KnownSuite> debSuite(int distroVersionId) {
        return Optional.ofNullable(debById.get(distroVersionId));
    }

    /// By names in any case: `debian` and `bookworm`, `12` or `12.0`.
    public Optional<KnownSuite> debSuite(String distribution, String version) {
        String name = distribution.toLowerCase(Locale.ROOT) + "/" + version.toLowerCase(Locale.ROOT);
        return Optional.ofNullable(debByName.get(name));
    }

    /// The package type that an id is for, such as `rpm`.
    Optional<String> typeOf(int distroVersionId) {
        return Optional.ofNullable(typeById.get(distroVersionId));
    }
}
