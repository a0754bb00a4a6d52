package cambium.server.repository.install;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Finds the distribution that a machine means by its own words for itself: names in any case, families of Enterprise
/// Linux, versions with more parts than the catalogue has. The rules are those of the reference, section 3.6.
final class SystemNames {
    private static final int MAX_CHARACTERS = 100;

    /// Names that systems and configuration programs use for a distribution of the catalogue.
    private static final Map<String, String> DEB_NAMES = Map.of("elementary", "elementaryos", "elementary os",
        "elementaryos", "linux mint", "linuxmint", "mint", "linuxmint", "raspberry pi os", "raspbian");
    private static final Map<String, String> RPM_NAMES = byOther(Map.of(
        "el", List.of("centos", "centos stream", "rhel", "redhat", "red hat", "red hat enterprise linux",
            "redhatenterprise", "redhatenterpriseserver", "redhatenterpriselinux", "redhatenterpriseworkstation",
            "rocky", "rocky linux", "rockylinux", "almalinux", "alma", "cloudlinux", "eurolinux", "springdale"),
        "ol", List.of("oracle", "oraclelinux", "oracle linux", "oracleserver"),
        "amazon", List.of("amzn", "aws", "amazon linux", "amazonlinux", "amazonlinuxami"),
        "opensuse", List.of("opensuse-leap", "opensuse leap", "leap"),
        "sles", List.of("suse", "sled", "sles_sap", "suse linux enterprise server"),
        "scientific", List.of("scientificlinux", "scientific linux")));

    private final Supplier<JsonNode> catalog;

    /// `catalog` in the form of the API's `distributions.json`.
    SystemNames(Supplier<JsonNode> catalog) {
        this.catalog = catalog;
    }

    /// A distribution's version as it stands in addresses: `debian`, `bookworm`.
    record System(String distribution, String version) {}

    private static Map<String, String> byOther(Map<String, List<String>> names) {
        var byOther = new HashMap<String, String>();
        names.forEach((name, others) -> others.forEach(other -> byOther.put(other, name)));
        return byOther;
    }

    /// Of the package type `deb` or `rpm`; empty when the catalogue has no such system.
    Optional<System> find(String type, String os, String dist) {
        String name = plain(os);
        String version = plain(dist).split("/", 2)[0];
        if (name.isEmpty() || version.isEmpty() || name.length() + version.length() > MAX_CHARACTERS) {
            return Optional.empty();
        }
        return type.equals("deb") ? find(type, DEB_NAMES.getOrDefault(name, name), debVersions(name, version))
            : rpm(RPM_NAMES.getOrDefault(name, name), version);
    }

    private static String plain(String text) {
        return text.strip().replace("\"", "").toLowerCase(Locale.ROOT);
    }

    private static List<String> debVersions(String name, String version) {
        return switch (name) {
            case "debian", "raspbian" -> cuts(version, 1);
            case "ubuntu" -> cuts(version, 2);
            default -> List.of(version);
        };
    }

    private Optional<System> rpm(String name, String version) {
        if (name.equals("amazon")) {
            return amazon(version);
        }
        List<String> versions = switch (name) {
            case "sles", "opensuse" -> Stream.concat(cuts(version.replaceFirst("-?sp", "."), 2).stream(),
                Stream.of(version)).toList();
            case "poky" -> cuts(version, 2);
            case "rpm_any" -> List.of(version);
            default -> cuts(version, 1);
        };
        return find("rpm", name, versions);
    }

    /// The first Amazon Linux is named by year and month, or 6, since it takes packages of Enterprise Linux 6.
    private Optional<System> amazon(String version) {
        if (version.equals("6")) {
            return find("rpm", "el", List.of("6"));
        }
        return find("rpm", "amazon", List.of(version.matches("201[0-9]\\.[0-9]{2}(\\..*)?") ? "1"
            : version.replaceFirst("\\..*", "")));
    }

    /// The version as it is, then with fewer parts, down to `least`.
    private static List<String> cuts(String version, int least) {
        String[] parts = version.split("\\.", -1);
        var cuts = new ArrayList<String>();
        for (int n = parts.length; n >= Math.min(least, parts.length); n--) {
            cuts.add(String.join(".", List.of(parts).subList(0, n)));
        }
        return cuts;
    }

    private Optional<System> find(String type, String name, List<String> versions) {
        JsonNode all = catalog.get().path(type);
        for (JsonNode distribution : all) {
            if (distribution.path("index_name").asText().equals(name)) {
                return versions.stream().flatMap(version -> version(distribution, version).stream())
                    .map(index -> new System(name, index)).findFirst();
            }
        }
        return Optional.empty();
    }

    private static Optional<String> version(JsonNode distribution, String wanted) {
        for (JsonNode version : distribution.path("versions")) {
            String index = version.path("index_name").asText();
            String number = version.path("version_number").asText("");
            if (index.equals(wanted) || number.equals(wanted) || number.equals(wanted + ".0")) {
                return Optional.of(index);
            }
        }
        return Optional.empty();
    }
}
