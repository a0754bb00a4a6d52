package cambium.server.repository;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/// A version of a distribution that was added here, for packages of `type` (`deb` or `rpm`): `debian` and `duke` with
/// the names that people read, and perhaps a number such as `15`.
public record AddedDistribution(int id, String type, String distribution, String distributionName, String version,
    String versionName, Optional<String> versionNumber) {

    /// As it stands in addresses and in clients' arguments.
    public String slug() {
        return distribution + "/" + version;
    }

    /// Exactly the four keys that strict clients read.
    ObjectNode versionJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("id", id);
        json.put("display_name", versionName);
        json.put("index_name", version);
        json.put("version_number", versionNumber.orElse(null));
        return json;
    }
}
