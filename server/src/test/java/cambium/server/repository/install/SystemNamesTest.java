package cambium.server.repository.install;

import static org.junit.jupiter.api.Assertions.assertEquals;

import cambium.server.http.Json;
import cambium.server.repository.DistributionCatalog;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/// The words that systems, install scripts, Chef and Puppet have for a distribution.
final class SystemNamesTest {
    private final SystemNames names = new SystemNames(SystemNamesTest::catalog);

    private static com.fasterxml.jackson.databind.JsonNode catalog() {
        try (var in = DistributionCatalog.class.getResourceAsStream("distributions.json")) {
            return Json.read(in.readAllBytes());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private String find(String type, String os, String dist) {
        return names.find(type, os, dist).map(found -> found.distribution() + "/" + found.version()).orElse("unknown");
    }

    private void deb(String expected, String os, String dist) {
        assertEquals(expected, find("deb", os, dist), os + " " + dist);
    }

    private void rpm(String expected, String os, String dist) {
        assertEquals(expected, find("rpm", os, dist), os + " " + dist);
    }

    @Test
    void findsDebianAndItsRelatives() {
        deb("debian/bookworm", "debian", "bookworm");
        deb("debian/bookworm", "Debian", "12");
        deb("debian/bookworm", "debian", "12.5");
        deb("debian/trixie", "debian", "trixie/sid");
        deb("ubuntu/jammy", "Ubuntu", "Jammy");
        deb("ubuntu/jammy", "ubuntu", "22.04");
        deb("ubuntu/jammy", "UBUNTU", "22.04.3");
        deb("linuxmint/victoria", "LinuxMint", "victoria");
        deb("linuxmint/victoria", "Linux Mint", "21.2");
        deb("linuxmint/ulyana", "linuxmint", "20");
        deb("elementaryos/odin", "elementary", "6");
        deb("elementaryos/horus", "elementary OS", "7");
        deb("raspbian/bullseye", "Raspbian", "11");
        deb("any/any", "any", "any");
    }

    @Test
    void findsTheFamilyOfEnterpriseLinux() {
        rpm("el/7", "centos", "7.9.2009");
        rpm("el/8", "rhel", "8.6");
        rpm("el/9", "rocky", "9.3");
        rpm("el/9", "AlmaLinux", "9");
        rpm("el/7", "RedHatEnterpriseServer", "7.9");
        rpm("el/6", "redhat", "6.10");
        rpm("el/9", "el", "9.0");
        rpm("ol/8", "ol", "8.9");
        rpm("ol/7", "oracle", "7.9");
        rpm("ol/9", "OracleLinux", "9.1");
        rpm("scientific/7", "Scientific", "7.5");
        rpm("fedora/39", "fedora", "39");
    }

    @Test
    void findsAmazonSuseAndPoky() {
        rpm("amazon/2", "amzn", "2");
        rpm("amazon/2023", "amzn", "2023");
        rpm("amazon/2023", "amazon", "2023.5.20240708");
        rpm("amazon/1", "amzn", "2018.03");
        rpm("el/6", "amazon", "6");
        rpm("el/6", "aws", "6");
        rpm("sles/15.5", "sles", "15.5");
        rpm("sles/15.5", "SLES", "15-SP5");
        rpm("sles/12.0", "sles", "12");
        rpm("opensuse/15.6", "opensuse-leap", "15.6");
        rpm("opensuse/42.3", "opensuse", "42.3");
        rpm("poky/kirkstone", "poky", "4.0.9");
        rpm("poky/kirkstone", "poky", "kirkstone");
        rpm("rpm_any/rpm_any", "rpm_any", "rpm_any");
    }

    @Test
    void refusesWhatTheListDoesNotHave() {
        deb("unknown", "debian", "duke");
        deb("unknown", "debian", "1");
        deb("unknown", "ubuntu", "22");
        deb("unknown", "linuxmint", "99.1");
        deb("unknown", "el", "9");
        deb("unknown", "", "");
        deb("unknown", "debian", "");
        deb("unknown", "../..", "..");
        deb("unknown", "x".repeat(1000), "1");
        rpm("unknown", "el", "99");
        rpm("unknown", "debian", "12");
        rpm("unknown", "opensuse-tumbleweed", "20240101");
        rpm("unknown", "fedora", "rawhide");
        rpm("unknown", "amazon", "null");
    }
}
