package cambium.server.pages;

import cambium.server.access.SignInPage;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/// The page `/app/tokens`: what somebody may, and the tokens of the own account. `fresh` is the value of one just made.
public record OwnTokensPage(Shell shell, String roles, List<Line> tokens, Optional<SignInPage.Fresh> fresh,
        Optional<String> refusal) {
    public OwnTokensPage {
        tokens = List.copyOf(tokens);
    }

    /// `ends` is a day, and empty for one that lasts.
    public record Line(String name, Parts.Moment made, Optional<String> ends) {}

    static OwnTokensPage of(Shell shell, List<String> roles, List<SignInPage.Kept> tokens,
            Optional<SignInPage.Fresh> fresh, Optional<String> refusal) {
        return new OwnTokensPage(shell, roles.isEmpty() ? "no role" : String.join(", ", roles), tokens.stream()
                .map(token -> new Line(token.name(), Parts.Moment.of(token.createdAt(), shell.at()),
                        token.expiresAt().map(end -> LocalDate.ofInstant(end, ZoneOffset.UTC).toString()))).toList(),
                fresh, refusal);
    }
}
