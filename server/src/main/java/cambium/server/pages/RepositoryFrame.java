package cambium.server.pages;

import cambium.server.http.Call;
import cambium.server.http.Refused;
import cambium.server.pages.RepositoryPages.Head;
import cambium.server.pages.RepositoryPages.Tab;
import cambium.server.pages.RepositoryReads.RepositoryLine;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// What the pages of one repository have in common: who finds it, and the head with the tabs that this reader may open.
final class RepositoryFrame {
    private final RepositoryReads reads;
    private final Pages.Shells shells;
    private final InstantSource clock;

    RepositoryFrame(RepositoryReads reads, Pages.Shells shells, InstantSource clock) {
        this.reads = reads;
        this.shells = shells;
        this.clock = clock;
    }

    /// The repository in the path, or [Refused] with 404, the same for a missing and for a private one.
    RepositoryLine found(Call call) {
        return reads.repository(call.actor(), call.param("owner"), call.param("repo"))
                .orElseThrow(() -> new Refused(
                        404, "not_found", "there is no such repository, or it is not yours to read"));
    }

    Shell shell(Call call, String title) {
        return shells.shell(call, title, "repositories", false);
    }

    Head head(Call call, RepositoryLine line, String current) {
        var tabs = new ArrayList<Tab>();
        tabs.add(tab("Packages", line.path(), current));
        tabs.add(tab("Install", line.path() + "/install", current));
        return RepositoryViews.head(line, List.copyOf(tabs), clock.instant());
    }

    private static Tab tab(String label, String href, String current) {
        return new Tab(label, href, label.equals(current));
    }
}
