package cambium.server.fleet;

import cambium.rollout.DeclaredMigration;
import cambium.rollout.MigrationLedger;
import cambium.rollout.ProductVersion;
import cambium.server.http.Json;
import cambium.server.http.Refused;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Ledgers of migrations as JSON: in a command, in an answer, and in the small files of packages, which hold
/// `{"migrations": […]}`. Each is `{"id", "kind", "reversible", "oldest_compatible"}`; the last may be absent.
final class DeclaredMigrations {
    private static final Set<String> FIELDS = Set.of("id", "kind", "reversible", "oldest_compatible");

    private DeclaredMigrations() {}

    /// @param texts the files of a version's packages; what several declare alike counts once
    static Optional<MigrationLedger> of(List<ProductCatalog.Declaration> texts) {
        if (texts.isEmpty()) {
            return Optional.empty();
        }
        var all = new LinkedHashSet<DeclaredMigration>();
        for (var text : texts) {
            try {
                var file = Json.read(text.json().getBytes(StandardCharsets.UTF_8));
                if (!file.isObject() || file.size() != 1 || !file.has("migrations")) {
                    throw malformed("{\"migrations\": […]} was expected");
                }
                all.addAll(ledger(file.get("migrations")).migrations());
            } catch (Refused refused) {
                throw new Refused(422, "invalid_migrations", "the migrations that " + text.packageName()
                        + " declares cannot be read: " + shortened(text.json()) + ": " + refused.getMessage()
                        + "; name those of the version in the command instead", "migrations");
            }
        }
        return Optional.of(checked(new ArrayList<>(all)));
    }

    static MigrationLedger ledger(JsonNode list) {
        if (!list.isArray()) {
            throw malformed("a list was expected");
        }
        return checked(list.valueStream().map(DeclaredMigrations::migration).toList());
    }

    private static MigrationLedger checked(List<DeclaredMigration> migrations) {
        try {
            return new MigrationLedger(migrations);
        } catch (IllegalArgumentException refused) {
            throw malformed(refused.getMessage());
        }
    }

    private static DeclaredMigration migration(JsonNode one) {
        one.fieldNames().forEachRemaining(name -> {
            if (!FIELDS.contains(name)) {
                throw malformed("there is no field '" + shortened(name) + "' in a migration; known are id, kind,"
                        + " reversible, oldest_compatible");
            }
        });
        if (!one.path("reversible").isBoolean()) {
            throw malformed("'reversible' must be true or false");
        }
        try {
            var oldest = one.path("oldest_compatible");
            return new DeclaredMigration(text(one, "id"), DeclaredMigration.Kind.of(text(one, "kind")),
                    one.get("reversible").asBoolean(), oldest.isMissingNode() || oldest.isNull() ? Optional.empty()
                            : Optional.of(ProductVersion.of(text(one, "oldest_compatible"))));
        } catch (IllegalArgumentException refused) {
            throw malformed(refused.getMessage());
        }
    }

    private static String text(JsonNode one, String name) {
        if (!one.path(name).isTextual()) {
            throw malformed("'" + name + "' must be a text");
        }
        return one.get(name).asText();
    }

    private static Refused malformed(String why) {
        return new Refused(422, "invalid_migrations", why, "migrations");
    }

    private static String shortened(String text) {
        return text.length() <= 80 ? text : text.substring(0, 80) + "…";
    }

    /// Null where nothing is declared.
    static List<Map<String, Object>> view(Optional<MigrationLedger> ledger) {
        return ledger.map(known -> known.migrations().stream().<Map<String, Object>>map(one -> {
            var view = new LinkedHashMap<String, Object>();
            view.put("id", one.id());
            view.put("kind", one.kind().word());
            view.put("reversible", one.reversible());
            view.put("oldest_compatible", one.oldestCompatible().map(Object::toString).orElse(null));
            return view;
        }).toList()).orElse(null);
    }
}
