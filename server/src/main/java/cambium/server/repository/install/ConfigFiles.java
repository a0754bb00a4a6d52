package cambium.server.repository.install;

import java.util.List;
import java.util.Optional;

/// The texts that stand in a machine's configuration. Tokens are those of the machine.
final class ConfigFiles {
    private static final List<String> OF_SUSE = List.of("sles", "opensuse");

    private ConfigFiles() {}

    /// A file for `sources.list.d`; see sources.list(5).
    static String aptList(RepoAddress address, SystemNames.System system, Optional<String> token) {
        String place = "[signed-by=/etc/apt/keyrings/" + address.file() + "-archive-keyring.gpg] " + address.url(token)
            + "/" + system.distribution() + "/ " + system.version() + " main\n";
        return "# This file was made by Cambium for the repository " + address.name() + ".\n"
            + "deb " + place + "deb-src " + place;
    }

    /// A file for `auth.conf.d`; see apt_auth.conf(5). Empty where no credentials are needed.
    static String aptAuth(RepoAddress address, Optional<String> token) {
        return token.map(value -> "machine " + address.machine() + " login " + value + " password any\n").orElse("");
    }

    static String keyUrl(RepoAddress address, Optional<String> token) {
        return address.url(token) + "/gpgkey";
    }

    /// The address of packages, with yum's own variable in it.
    static String rpmBase(RepoAddress address, SystemNames.System system, Optional<String> token) {
        return address.url(token) + "/" + system.distribution() + "/" + system.version() + "/$basearch";
    }

    /// A .repo file with the repository and its source packages. With keys that packages were signed with, packages
    /// are checked, too; metadata always is. See yum.conf(5), zypper(8).
    static String rpmRepo(RepoAddress address, SystemNames.System system, Optional<String> token,
        List<String> packageKeys) {
        String sources = address.url(token) + "/" + system.distribution() + "/" + system.version() + "/SRPMS";
        return section(address.file(), rpmBase(address, system, token), address, system, token, packageKeys) + "\n"
            + section(address.file() + "-source", sources, address, system, token, packageKeys);
    }

    private static String section(String name, String base, RepoAddress address, SystemNames.System system,
        Optional<String> token, List<String> packageKeys) {
        var text = new StringBuilder("[" + name + "]\nname=" + name + "\nbaseurl=" + base
            + "\nrepo_gpgcheck=1\ngpgcheck=" + (packageKeys.isEmpty() ? 0 : 1) + "\nenabled=1\ngpgkey="
            + keyUrl(address, token) + "\n");
        packageKeys.forEach(key ->
            text.append("       ").append(keyUrl(address, token)).append('/').append(key).append('\n'));
        if (OF_SUSE.contains(system.distribution())) {
            text.append("autorefresh=1\ntype=rpm-md\npkg_gpgcheck=").append(packageKeys.isEmpty() ? 0 : 1).append('\n');
        } else {
            text.append("sslverify=1\nsslcacert=/etc/pki/tls/certs/ca-bundle.crt\n");
        }
        return text.append("metadata_expire=300\n").toString();
    }
}
