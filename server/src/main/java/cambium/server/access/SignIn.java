package cambium.server.access;

import cambium.server.http.Refused;
import cambium.server.http.RequestHead;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;

/// Compares e-mail and password with what is kept. Wrong ones are counted against the address and against the e-mail,
/// and a wrong e-mail takes as long as a wrong password and reads the same.
final class SignIn {
    private static final int MAX_EMAIL_CHARACTERS = 255;

    private final AccountStore accounts;
    private final Passwords passwords;
    private final GuessLimit byAddress;
    private final GuessLimit byEmail;

    SignIn(AccountStore accounts, Passwords passwords, GuessLimit byAddress, GuessLimit byEmail) {
        this.accounts = accounts;
        this.passwords = passwords;
        this.byAddress = byAddress;
        this.byEmail = byEmail;
    }

    /// The account of `Authorization: Basic` with e-mail and password, or [Refused] with 401 or 429.
    Account basic(RequestHead head) {
        var pair = head.header("Authorization").filter(text -> text.regionMatches(true, 0, "Basic ", 0, 6))
                .map(text -> decoded(text.substring(6).strip())).orElse("").split(":", 2);
        return account(pair[0], pair.length == 2 ? pair[1] : "", head.remoteAddress());
    }

    /// The account of that e-mail and password, or [Refused] with 401 or 429.
    Account account(String email, String password, String address) {
        var key = email.strip().toLowerCase(Locale.ROOT);
        refuseGuessers(key, address);
        if (key.isEmpty() || key.length() > MAX_EMAIL_CHARACTERS) {
            throw wrong("", address);
        }
        var account = accounts.withEmail(key);
        if (account.isEmpty()) {
            passwords.matchesNobody(password);
        }
        return account.filter(known -> passwords.matches(password, accounts.passwordHash(known)))
                .orElseThrow(() -> wrong(key, address));
    }

    /// Whether that is the password of an account that has one; a wrong one counts.
    boolean isPassword(Account account, String password, RequestHead head) {
        var email = account.email().orElseThrow().toLowerCase(Locale.ROOT);
        refuseGuessers(email, head.remoteAddress());
        if (passwords.matches(password, accounts.passwordHash(account))) {
            return true;
        }
        wrong(email, head.remoteAddress());
        return false;
    }

    private void refuseGuessers(String email, String address) {
        if (byAddress.isOver(address) || byEmail.isOver(email)) {
            throw new Refused(429, "too_many_wrong_passwords", "too many wrong passwords; wait a minute");
        }
    }

    private Refused wrong(String email, String address) {
        byAddress.wrong(address);
        byEmail.wrong(email);
        return new Refused(401, "unauthenticated", "the e-mail or the password is wrong");
    }

    private static String decoded(String basic) {
        try {
            return new String(Base64.getDecoder().decode(basic), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            return "";
        }
    }
}
