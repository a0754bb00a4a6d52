package cambium.server.pages;

import java.util.List;

/// The page `/owner/name/tokens`: master tokens, and below each its read tokens. Values are there to be shown, behind a
/// click.
public record TokenPage(Shell shell, RepositoryPages.Head head, String create, List<Master> masters) {
    public TokenPage {
        masters = List.copyOf(masters);
    }

    /// `isLasting`: revoking it gives it another value at once.
    public record Master(
            String name, String value, boolean isLasting, String revoke, String createRead, List<Read> reads) {
        public Master {
            reads = List.copyOf(reads);
        }
    }

    public record Read(String name, String value, String revoke) {}
}
