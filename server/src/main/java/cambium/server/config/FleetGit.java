package cambium.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/// The Git repository whose file is the fleet: where it is, which branch, which file, how often it is looked at, and
/// the files with what opens it. Secrets stay in those files: none is part of this.
///
/// @param url `https://`, `http://`, `ssh://` or `file:///`, without a password
/// @param user who shows the token; of ssh the name stands in the address
/// @param key private key for ssh
/// @param knownHosts the keys of the ssh server, in the form of OpenSSH
/// @param ca whom to trust for https instead of the system, in PEM
public record FleetGit(String url, String branch, String file, Duration every, String user, Optional<Path> token,
        Optional<Path> key, Optional<Path> knownHosts, Optional<Path> ca) {
    private static final Pattern URL = Pattern.compile(
            "(https?)://([A-Za-z0-9.-]+|\\[[0-9A-Fa-f:]+])(:[0-9]{1,5})?(/[A-Za-z0-9._~/%+-]*)"
            + "|(ssh)://([A-Za-z0-9._-]+@)([A-Za-z0-9][A-Za-z0-9.-]*)(:[0-9]{1,5})?(/[A-Za-z0-9._~/+-]*)"
            + "|(file)://(/[^\\p{Cntrl}]+)");
    private static final Pattern BRANCH = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._/-]{0,200}");
    private static final Pattern FILE = Pattern.compile("[A-Za-z0-9_.][A-Za-z0-9_. /-]{0,400}");
    private static final int HTTP = 1;
    private static final int SSH = 5;

    /// Why it cannot be followed; empty where it can.
    Optional<String> problem() {
        if (!URL.matcher(url).matches()) {
            return Optional.of("--fleet-git must be an address such as https://git.example/ops/fleet.git,"
                    + " ssh://git@git.example/ops/fleet.git or file:///srv/fleet.git, without a password");
        }
        if (!BRANCH.matcher(branch).matches() || branch.contains("..") || branch.endsWith(".lock")) {
            return Optional.of("--fleet-git-branch must be the name of a branch such as main");
        }
        if (!FILE.matcher(file).matches() || file.contains("..")) {
            return Optional.of("--fleet-git-file must be a path inside the repository such as fleet.yaml");
        }
        if (scheme().equals("ssh") ? key.isEmpty() || knownHosts.isEmpty() || token.isPresent()
                : key.isPresent() || knownHosts.isPresent()) {
            return Optional.of("an ssh:// address needs --fleet-git-key and --fleet-git-known-hosts and no token;"
                    + " others take neither of the two");
        }
        if (ca.isPresent() && !scheme().equals("https")) {
            return Optional.of("--fleet-git-ca is for an https:// address");
        }
        return token.isPresent() && !scheme().equals("https") && !isLoopback()
                ? Optional.of("--fleet-git-token-file needs an https:// address: others would show the token to"
                        + " whoever listens") : Optional.empty();
    }

    private boolean isLoopback() {
        return host().filter(host -> host.equals("127.0.0.1") || host.equals("localhost") || host.equals("[::1]"))
                .isPresent();
    }

    /// `https`, `http`, `ssh` or `file`.
    public String scheme() {
        return url.substring(0, url.indexOf("://"));
    }

    /// The host that is connected to; none of a file.
    public Optional<String> host() {
        var parts = URL.matcher(url);
        return parts.matches() ? Optional.ofNullable(parts.group(parts.group(HTTP) != null ? HTTP + 1 : SSH + 2))
                : Optional.empty();
    }

    /// The port that is connected to.
    public int port() {
        var parts = URL.matcher(url);
        var port = parts.matches() ? Optional.ofNullable(parts.group(parts.group(HTTP) != null ? HTTP + 2 : SSH + 3))
                : Optional.<String>empty();
        return port.map(text -> Integer.parseInt(text.substring(1))).orElse(switch (scheme()) {
            case "https" -> 443;
            case "http" -> 80;
            default -> 22;
        });
    }

    @Override
    public String toString() {
        return url + " " + branch + " " + file;
    }
}
