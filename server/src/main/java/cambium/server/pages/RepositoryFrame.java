package cambium.server.pages;

import cambium.server.http.Call;
import cambium.server.http.Method;
import cambium.server.http.Refused;
import cambium.server.pages.ApiActs.ApiAct;
import cambium.server.pages.RepositoryPages.Head;
import cambium.server.pages.RepositoryPages.Tab;
import cambium.server.pages.RepositoryReads.RepositoryLine;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// What the pages of one repository have in common: who finds it, and the head with the tabs that this reader may open.
final class RepositoryFrame {
    private final RepositoryReads reads;
    private final ApiAct push;
    private final ApiAct tokens;
    private final ApiAct settings;
    private final ApiAct withdrawn;
    private final boolean hasKeys;
    private final Pages.Shells shells;
    private final InstantSource clock;

    RepositoryFrame(RepositoryReads reads, ApiActs api, Pages.Shells shells, InstantSource clock) {
        this.reads = reads;
        this.push = api.act(Method.POST, "/api/v1/repos/{owner}/{repo}/packages[.json]");
        this.tokens = api.act(Method.GET, "/api/v1/repos/{owner}/{repo}/master_tokens[.json]");
        this.settings = api.act(Method.GET, SettingsRoutes.API);
        this.withdrawn = api.act(Method.GET, WithdrawnPageRoutes.API);
        this.hasKeys = api.find(Method.GET, "/api/repositories/{owner}/{repo}/keys").isPresent();
        this.shells = shells;
        this.clock = clock;
    }

    /// The repository in the path, or [Refused] with 404, the same for a missing and for a private one.
    RepositoryLine found(Call call) {
        return reads.repository(call.actor(), call.param("owner"), call.param("repo"))
                .orElseThrow(() -> new Refused(
                        404, "not_found", "there is no such repository, or it is not yours to read"));
    }

    boolean hasKeys() {
        return hasKeys;
    }

    Shell shell(Call call, String title) {
        return shells.shell(call, title, "repositories", false);
    }

    /// With the events of this repository, for a page that follows them.
    Shell shell(Call call, String title, RepositoryLine line) {
        return shell(call, title).following(line.path() + "/stream");
    }

    Head head(Call call, RepositoryLine line, String current) {
        var tabs = new ArrayList<Tab>();
        tabs.add(tab("Packages", line.path(), current));
        tabs.add(tab("Install", line.path() + "/install", current));
        tabs.add(tab("Statistics", line.path() + "/statistics", current));
        if (push.isFor(call)) {
            tabs.add(tab("Upload", line.path() + "/upload", current));
        }
        if (hasKeys) {
            tabs.add(tab("Keys", line.path() + "/keys", current));
        }
        if (tokens.isFor(call)) {
            tabs.add(tab("Tokens", line.path() + "/tokens", current));
        }
        if (withdrawn.isFor(call)) {
            tabs.add(tab("Withdrawn", line.path() + "/withdrawn", current));
        }
        if (settings.isFor(call)) {
            tabs.add(tab("Settings", line.path() + "/settings", current));
        }
        return RepositoryViews.head(line, List.copyOf(tabs), clock.instant());
    }

    private static Tab tab(String label, String href, String current) {
        return new Tab(label, href, label.equals(current));
    }
}
