package cambium.server.pages;

import cambium.server.pages.RepositoryPages.Snippet;
import java.util.ArrayList;
import java.util.List;

/// The lines that a person copies to install from a repository: key, source, package; for the repository and its rings.
/// Each family of package managers has its own.
final class InstallLines {
    /// Distributions whose package manager is zypper; the other ones with rpms use dnf or yum.
    private static final List<String> WITH_ZYPPER = List.of("opensuse", "sles");

    private final String baseUrl;
    private final String owner;
    private final String name;
    private final boolean isPrivate;

    InstallLines(String baseUrl, String owner, String name, boolean isPrivate) {
        this.baseUrl = baseUrl;
        this.owner = owner;
        this.name = name;
        this.isPrivate = isPrivate;
    }

    /// For a whole suite.
    List<Snippet> of(RepositoryReads.SuiteLine suite) {
        return switch (suite.family()) {
            case "apt" -> {
                var snippets = new ArrayList<>(beforeApt());
                snippets.add(aptSource("Add the repository", "", suite.distribution(), suite.codename()));
                yield snippets;
            }
            case "rpm" -> List.of(rpmSource("Add the repository", "", suite.distribution(), suite.codename()));
            default -> List.of();
        };
    }

    /// In place of the line for the whole suite, one for each ring that has a channel of it.
    List<Snippet> ofRings(RepositoryReads.SuiteLine suite) {
        return suite.rings().stream()
                .map(ring -> suite.family().equals("rpm")
                        ? rpmSource("Ring " + ring, "/rings/" + ring, suite.distribution(), suite.codename())
                        : aptSource("Ring " + ring, "/rings/" + ring, suite.distribution(), suite.codename()))
                .toList();
    }

    /// For one package, beginning with its repository.
    List<Snippet> of(RepositoryReads.PackageLine line, String download) {
        var snippets = new ArrayList<Snippet>();
        switch (line.type()) {
            case "deb" -> {
                snippets.addAll(beforeApt());
                snippets.add(aptSource("Add the repository", "", line.distribution(), line.codename()));
                snippets.add(new Snippet("Install this version",
                        "sudo apt-get update\nsudo apt-get install " + line.name() + "=" + line.version()));
            }
            case "dsc" -> {
                snippets.addAll(beforeApt());
                snippets.add(aptSource("Add the repository", "", line.distribution(), line.codename()));
                snippets.add(new Snippet("Fetch this source",
                        "sudo apt-get update\napt-get source " + line.name() + "=" + line.version()));
            }
            case "rpm" -> {
                snippets.add(rpmSource("Add the repository", "", line.distribution(), line.codename()));
                snippets.add(rpmInstall(line));
            }
            default -> snippets.add(new Snippet("Download",
                    "curl -fL " + login() + "-o " + line.file() + " " + baseUrl + download));
        }
        return snippets;
    }

    /// One line that sets a machine up, for each family of package managers that the repository has suites of. A
    /// private repository asks for a master token, from which the script makes a read token of the machine's own.
    List<Snippet> scripts(List<RepositoryReads.SuiteLine> suites) {
        var snippets = new ArrayList<Snippet>();
        if (suites.stream().anyMatch(suite -> suite.family().equals("apt"))) {
            snippets.add(script("Debian, Ubuntu and their kin", "script.deb.sh"));
        }
        if (suites.stream().anyMatch(suite -> suite.family().equals("rpm"))) {
            snippets.add(script("Fedora, Enterprise Linux, openSUSE and their kin", "script.rpm.sh"));
        }
        return snippets;
    }

    private Snippet script(String title, String file) {
        return new Snippet(title, "curl -fsSL " + (isPrivate ? "-u \"$CAMBIUM_MASTER_TOKEN:\" " : "") + baseUrl
                + "/install/repositories/" + owner + "/" + name + "/" + file + " | sudo sh");
    }

    private String keyring() {
        return "/etc/apt/keyrings/" + owner + "_" + name + "-archive-keyring.gpg";
    }

    private String address() {
        return baseUrl + "/" + owner + "/" + name;
    }

    private String login() {
        return isPrivate ? "-u \"$CAMBIUM_TOKEN:\" " : "";
    }

    private List<Snippet> beforeApt() {
        var key = new Snippet("Trust the key of the repository", "sudo install -d -m 0755 /etc/apt/keyrings\n"
                + "curl -fsSL " + login() + address() + "/gpgkey | gpg --dearmor | sudo tee " + keyring()
                + " > /dev/null");
        return isPrivate ? List.of(key, credentials()) : List.of(key);
    }

    /// apt takes credentials from a file of its own, never from the source line, which everybody may read.
    private Snippet credentials() {
        String place = address().replaceFirst("^https?://", "");
        String scheme = address().startsWith("https:") ? "" : "http://";
        return new Snippet("Sign in (the repository is private)",
                "echo \"machine " + scheme + place + "/ login $CAMBIUM_TOKEN password none\""
                        + " | sudo install -m 0600 /dev/stdin /etc/apt/auth.conf.d/" + owner + "_" + name + ".conf");
    }

    private Snippet aptSource(String title, String channel, String distribution, String codename) {
        return new Snippet(title, "echo \"deb [signed-by=" + keyring() + "] " + address() + channel + "/" + distribution
                + " " + codename + " main\" | sudo tee /etc/apt/sources.list.d/" + owner + "_" + name + ".list");
    }

    /// Metadata is always signed; packages have signatures of their own only where their maker gave them one.
    private Snippet rpmSource(String title, String channel, String distribution, String codename) {
        String section = owner + "_" + name;
        boolean zypper = WITH_ZYPPER.contains(distribution);
        String file = (zypper ? "/etc/zypp/repos.d/" : "/etc/yum.repos.d/") + section + ".repo";
        String secret = isPrivate ? "username=$CAMBIUM_TOKEN\npassword=none\n" : "";
        return new Snippet(title, "sudo install -m " + (isPrivate ? "0600" : "0644") + " /dev/stdin " + file
                + " <<REPO\n[" + section + "]\nname=" + section + "\nbaseurl=" + address() + channel + "/"
                + distribution + "/" + codename + "/\\$basearch\nenabled=1\nrepo_gpgcheck=1\ngpgcheck=0\ngpgkey="
                + address() + "/gpgkey\nmetadata_expire=300\n" + secret + "REPO"
                + (zypper ? "\nsudo zypper --gpg-auto-import-keys refresh " + section : ""));
    }

    private static Snippet rpmInstall(RepositoryReads.PackageLine line) {
        String program = WITH_ZYPPER.contains(line.distribution()) ? "zypper" : "dnf";
        if (line.architecture().equals("src")) {
            return new Snippet("Fetch this source", program.equals("dnf")
                    ? "dnf download --source " + line.name() + "-" + line.version()
                    : "zypper source-install --no-build-deps " + line.name());
        }
        return new Snippet("Install this version", "sudo " + program + " install " + line.name()
                + (program.equals("dnf") ? "-" : "=") + line.version());
    }
}
