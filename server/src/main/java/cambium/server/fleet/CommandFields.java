package cambium.server.fleet;

import cambium.rollout.MigrationLedger;
import cambium.server.http.Call;
import cambium.server.http.Json;
import cambium.server.http.Refused;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The fields of a command's JSON body. A body may be missing where every field may; a field that the command does not
/// know is refused, since a misspelt one would change what is done.
public final class CommandFields {
    static final int MAX_BODY_BYTES = 64 * 1024;
    static final int MAX_TEXT_CHARACTERS = 4096;

    private final JsonNode object;

    private CommandFields(JsonNode object) {
        this.object = object;
    }

    public static CommandFields of(Call call, String... known) {
        var body = call.body(MAX_BODY_BYTES);
        var json = Json.read(body.length == 0 ? new byte[] {'{', '}'} : body);
        if (!json.isObject()) {
            throw new Refused(400, "invalid_json", "a JSON object was expected");
        }
        json.fieldNames().forEachRemaining(name -> {
            if (!Arrays.asList(known).contains(name)) {
                throw new Refused(422, "unknown_field", "there is no field '" + shortened(name) + "'; known are "
                        + String.join(", ", known), shortened(name));
            }
        });
        return new CommandFields(json);
    }

    /// The text of a field; a number stands for its digits. Empty when absent or null.
    public Optional<String> text(String name) {
        var node = object.path(name);
        if (node.isMissingNode() || node.isNull()) {
            return Optional.empty();
        }
        if (!node.isTextual() && !node.isIntegralNumber()) {
            throw new Refused(422, "invalid_field", "'" + name + "' must be a text", name);
        }
        if (node.asText().length() > MAX_TEXT_CHARACTERS) {
            throw new Refused(422, "invalid_field", "'" + name + "' is longer than " + MAX_TEXT_CHARACTERS, name);
        }
        return Optional.of(node.asText());
    }

    public String required(String name) {
        return text(name).filter(text -> !text.isBlank()).orElseThrow(() ->
                new Refused(422, "field_missing", "'" + name + "' is missing", name));
    }

    /// The reason that every such command must give.
    String why() {
        return text("why").filter(text -> !text.isBlank()).orElseThrow(() ->
                new Refused(422, "why_missing", "a reason is needed: say why", "why"));
    }

    boolean truth(String name) {
        var node = object.path(name);
        if (!node.isMissingNode() && !node.isNull() && !node.isBoolean()) {
            throw new Refused(422, "invalid_field", "'" + name + "' must be true or false", name);
        }
        return node.asBoolean(false);
    }

    /// `[{"name":…,"version":…}]`, empty when absent.
    List<ProductCatalog.Wanted> packages(String name) {
        var node = object.path(name);
        if (node.isMissingNode() || node.isNull()) {
            return List.of();
        }
        if (!node.isArray()) {
            throw new Refused(422, "invalid_field", "'" + name + "' must be a list", name);
        }
        return node.valueStream().map(each -> {
            var fields = new CommandFields(each);
            return new ProductCatalog.Wanted(fields.required("name"), fields.required("version"));
        }).toList();
    }

    /// Empty when absent; a list of none says that the version migrates nothing.
    Optional<MigrationLedger> migrations(String name) {
        var node = object.path(name);
        return node.isMissingNode() || node.isNull() ? Optional.empty() : Optional.of(DeclaredMigrations.ledger(node));
    }

    private static String shortened(String text) {
        return text.length() > 80 ? text.substring(0, 80) + "…" : text;
    }
}
