package cambium.server.access;

import cambium.server.http.Parameters;
import cambium.server.http.Refused;
import java.time.Duration;
import java.time.Instant;

/// A token that somebody asks for by `name` and `expires_in_days`.
record TokenWish(String name, Instant now, Instant expires) {
    private static final String NAME = "[\\p{L}\\p{N}][\\p{L}\\p{N} ._@-]{0,99}";
    private static final int MAX_DAYS = 3650;

    /// [Refused] with 422 where it cannot be meant.
    static TokenWish of(Parameters form, Instant now) {
        var name = form.first("name").map(String::strip).orElse("");
        if (!name.matches(NAME) || name.equals(AccountStore.FIRST_TOKEN)) {
            throw new Refused(422, "name_invalid", "a token's name is 1 to 100 letters, digits, blanks and ._@-, and "
                    + "not 'default'", "name");
        }
        var days = form.first("expires_in_days").orElse(Long.toString(AccountStore.LASTS.toDays())).strip();
        if (!days.matches("[1-9][0-9]{0,3}") || Integer.parseInt(days) > MAX_DAYS) {
            throw new Refused(422, "expires_in_days_invalid", "a token lasts 1 to " + MAX_DAYS + " days",
                    "expires_in_days");
        }
        return new TokenWish(name, now, now.plus(Duration.ofDays(Integer.parseInt(days))));
    }

    /// The value of the new token, to be shown once; [Refused] with 409 where there can be none.
    String grant(AccountStore accounts, Account account) {
        return accounts.addToken(account, name, now, expires).orElseThrow(() -> new Refused(409, "token_taken",
                "the account has a token of that name, or " + AccountStore.MAX_TOKENS + " tokens"));
    }
}
