package cambium.server.pages;

import java.util.List;
import java.util.Optional;

/// The page `/owner/name/upload`. `address` is where script sends each file; `apt`, `rpm` and `any` are the places that
/// each kind of file may go to; `result` is what became of a file sent without script.
public record UploadPage(
        Shell shell,
        RepositoryPages.Head head,
        String address,
        List<Group> apt,
        List<Group> rpm,
        List<Group> any,
        RepositoryPages.Snippet command,
        Optional<Result> result) {

    /// Places of one distribution, or those used before.
    public record Group(String label, List<Spot> spots) {
        public Group {
            spots = List.copyOf(spots);
        }
    }

    /// One place, by packagecloud's number.
    public record Spot(int id, String slug, String label) {}

    public record Result(boolean stored, String file, String message, Optional<String> href) {}
}
