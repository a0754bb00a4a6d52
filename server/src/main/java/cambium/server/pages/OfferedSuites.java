package cambium.server.pages;

import cambium.server.pages.UploadPage.Group;
import cambium.server.pages.UploadPage.Spot;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// The catalogue of distributions as lists to choose from: what this repository has used stands first.
final class OfferedSuites {
    private final JsonNode catalogue;
    private final TreeSet<String> used;

    private OfferedSuites(JsonNode catalogue, TreeSet<String> used) {
        this.catalogue = catalogue;
        this.used = used;
    }

    static OfferedSuites of(JsonNode catalogue, List<RepositoryReads.SuiteLine> used) {
        var slugs = new TreeSet<String>();
        used.forEach(suite -> slugs.add(suite.slug()));
        return new OfferedSuites(catalogue, slugs);
    }

    /// `type` is a key of the catalogue. Newer versions of a distribution stand before older ones.
    List<Group> of(String type) {
        var known = new ArrayList<Spot>();
        var groups = new ArrayList<Group>();
        for (JsonNode distribution : catalogue.path(type)) {
            var spots = new ArrayList<Spot>();
            for (JsonNode version : distribution.path("versions")) {
                String slug = distribution.path("index_name").asText() + "/" + version.path("index_name").asText();
                var spot = new Spot(version.path("id").asInt(), slug, slug + " · "
                        + distribution.path("display_name").asText() + " " + version.path("display_name").asText());
                spots.addFirst(spot);
                if (used.contains(slug)) {
                    known.add(spot);
                }
            }
            groups.add(new Group(distribution.path("display_name").asText(), spots));
        }
        if (!known.isEmpty()) {
            groups.addFirst(new Group("Used in this repository", known));
        }
        return groups;
    }
}
