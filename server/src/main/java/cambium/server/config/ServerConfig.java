package cambium.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// The settings of one process, checked. Prints with its secrets hidden. Paths are absolute; `maxPackageBytes` in
/// bytes. `origin` is the first part of every Release file's Origin; users pin it, so it follows the settings only.
public record ServerConfig(
        Path data, String host, int port, Set<Role> roles, Optional<String> databaseUrl, BlobPlace blobs,
        DeliveryChoice delivery, Optional<Path> deliveryKeys, Path drivers,
        Optional<String> baseUrl, String origin, FleetPages fleetPages, long maxPackageBytes, Duration keepStatistics,
        Set<String> webhookHosts, Optional<MailSettings> mail, CellHosts cellHosts,
        Optional<LocalTime> brakeDrill, Optional<Duration> validUntil,
        Optional<OpenIdSettings> openId, Optional<FleetGit> fleetGit, Optional<String> adminToken,
        Optional<String> masterKey, Optional<String> formerMasterKey) {
    /// Who may look at the fleet without having signed in.
    public enum FleetPages { PUBLIC, SIGNED_IN }

    public ServerConfig {
        Objects.requireNonNull(data);
        Objects.requireNonNull(host);
        webhookHosts = Collections.unmodifiableSortedSet(new TreeSet<>(webhookHosts));
        roles = Collections.unmodifiableSet(EnumSet.copyOf(roles));
        Objects.requireNonNull(fleetPages);
    }

    /// From the arguments after `serve` and the environment. [StartRefused] says which one is wrong, and which known
    /// one is nearest to an unknown one.
    public static ServerConfig parse(List<String> arguments, Map<String, String> environment) {
        return new SettingsReader(arguments, environment).config();
    }

    /// The text of `--help`: every setting with its default.
    public static String help() {
        return Setting.help();
    }

    public boolean has(Role role) {
        return roles.contains(role);
    }

    @Override
    public String toString() {
        return "data=" + data + " host=" + host + " port=" + port + " roles="
                + roles.stream().map(role -> role.name().toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(","))
                + " database=" + databaseUrl.map(url -> url.replaceAll("//[^@/]*@", "//***@").replaceAll("\\?.*", ""))
                        .orElse("own")
                + " blobs=" + blobs + " delivery=" + delivery + " delivery-keys="
                + deliveryKeys.map(Path::toString).orElse("none") + " drivers=" + drivers
                + " base-url=" + baseUrl.orElse("as asked")
                + " origin=" + origin
                + " fleet-pages=" + fleetPages.name().toLowerCase(Locale.ROOT).replace('_', '-')
                + " max-package-bytes=" + maxPackageBytes + " keep-statistics=" + keepStatistics.toDays()
                + " webhook-hosts=" + String.join(",", webhookHosts)
                + " smtp=" + mail.map(MailSettings::toString).orElse("none")
                + " cell-hosts=" + cellHosts
                + " brake-drill=" + brakeDrill.map(LocalTime::toString).orElse("off")
                + " valid-until=" + validUntil.map(life -> life.toHours() + "h").orElse("none")
                + " openid=" + openId.map(OpenIdSettings::toString).orElse("none")
                + " fleet-git=" + fleetGit.map(FleetGit::toString).orElse("none")
                + " admin-token=" + adminToken.map(_ -> "***").orElse("as kept")
                + " master-key=" + masterKey.map(_ -> "***").orElse("as kept")
                + formerMasterKey.map(_ -> " former-master-key=***").orElse("");
    }
}
