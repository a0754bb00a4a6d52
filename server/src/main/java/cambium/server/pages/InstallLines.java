package cambium.server.pages;

import cambium.server.pages.RepositoryPages.Snippet;
import java.util.ArrayList;
import java.util.List;

/// The lines that a person copies to install from a repository: key, source, package; for the repository and its rings.
final class InstallLines {
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

    private String keyring() {
        return "/etc/apt/keyrings/" + owner + "_" + name + "-archive-keyring.gpg";
    }

    private String address() {
        return baseUrl + "/" + owner + "/" + name;
    }

    List<Snippet> of(RepositoryReads.SuiteLine suite) {
        var snippets = new ArrayList<Snippet>();
        snippets.add(key());
        if (isPrivate) {
            snippets.add(credentials());
        }
        snippets.add(source("The whole repository", "", suite.distribution(), suite.codename()));
        for (int ring : suite.rings()) {
            snippets.add(source("Only what was admitted to ring " + ring, "/rings/" + ring, suite.distribution(),
                    suite.codename()));
        }
        return snippets;
    }

    List<Snippet> of(String distribution, String codename, String packageName, String version) {
        var snippets = new ArrayList<Snippet>();
        snippets.add(key());
        if (isPrivate) {
            snippets.add(credentials());
        }
        snippets.add(source("Add the repository", "", distribution, codename));
        snippets.add(new Snippet("Install this version",
                "sudo apt-get update\nsudo apt-get install " + packageName + "=" + version));
        return snippets;
    }

    private Snippet key() {
        String login = isPrivate ? "-u \"$CAMBIUM_TOKEN:\" " : "";
        return new Snippet("Trust the key of the repository", "sudo install -d -m 0755 /etc/apt/keyrings\n"
                + "curl -fsSL " + login + address() + "/gpgkey | gpg --dearmor | sudo tee " + keyring()
                + " > /dev/null");
    }

    /// apt takes credentials from a file of its own, never from the source line, which everybody may read.
    private Snippet credentials() {
        String place = address().replaceFirst("^https?://", "");
        String scheme = address().startsWith("https:") ? "" : "http://";
        return new Snippet("Sign in (the repository is private)",
                "echo \"machine " + scheme + place + "/ login $CAMBIUM_TOKEN password none\""
                        + " | sudo install -m 0600 /dev/stdin /etc/apt/auth.conf.d/" + owner + "_" + name + ".conf");
    }

    private Snippet source(String title, String channel, String distribution, String codename) {
        return new Snippet(title, "echo \"deb [signed-by=" + keyring() + "] " + address() + channel + "/" + distribution
                + " " + codename + " main\" | sudo tee /etc/apt/sources.list.d/" + owner + "_" + name + ".list");
    }
}
