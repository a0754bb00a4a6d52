package cambium.server.pages;

import java.util.List;
import java.util.Optional;

/// The page `/owner/name/withdrawn`: what was taken out of the indexes, the latest first. `said` counts it in words.
public record WithdrawnPage(Shell shell, RepositoryPages.Head head, String said, List<Row> rows) {
    public WithdrawnPage {
        rows = List.copyOf(rows);
    }

    /// `release` is the form that offers a package again; a yanked one has none.
    public record Row(
            String filename,
            String distribution,
            Parts.Badge state,
            Parts.Moment since,
            String by,
            String why,
            Optional<String> release) {}
}
