package cambium.server.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Every setting that the server knows. A flag wins over the environment, that over the default. Secrets have no flag,
/// because other users of the machine can see the arguments of a process.
enum Setting {
    DATA("DIR", "./data", "folder that holds everything this server keeps"),
    HOST("HOST", "127.0.0.1", "address to listen on; 0.0.0.0 for all"),
    PORT("N", "7070", "port to listen on; 0 takes any free one"),
    ROLES("LIST", "web,upload,index,coordinate", "what this process does"),
    DATABASE_URL("URL", "", "postgresql://user:password@host:port/name; without it, a PostgreSQL of its own in DIR"),
    BLOBS("PLACE", "DATA/blobs", "folder, or s3://bucket/prefix?region=R&endpoint=URL, for the packages' bytes; "
            + "processes on one database share it"),
    DELIVERY("HOW", "own", "where downloads lead: own, s3, or cloudfront:https://host"),
    DELIVERY_KEYS("FILE", "", "keys that sign downloads for own or cloudfront, the first one signs"),
    DRIVERS("DIR", "DATA/drivers", "folder whose folders are cell drivers"),
    BASE_URL("URL", "", "address under which clients reach this server; without it, the Host they ask for"),
    ORIGIN("HOST", "", "first part of every index's Origin, which users of apt pin; without it, the host of "
            + "--base-url, else cambium"),
    FLEET_PAGES("WHO", "signed-in", "who may look at the fleet: public or signed-in"),
    MAX_PACKAGE_SIZE("SIZE", "4GiB", "largest package that is taken, as 500MiB or 4GiB"),
    KEEP_STATISTICS("DAYS", "90", "how many days single downloads and installs are remembered; totals stay"),
    WEBHOOK_HOSTS("LIST", "", "hosts of webhooks that may lead to private addresses, such as ci.internal,10.0.0.5"),
    SMTP("URL", "", "server that takes e-mail: smtp://host:587, with STARTTLS but on this machine; or "
            + "smtps://host:465"),
    SMTP_USER("NAME", "", "who signs in there"),
    SMTP_PASSWORD_FILE("FILE", "", "file with the password; or the variable CAMBIUM_SMTP_PASSWORD"),
    SMTP_PASSWORD("", "", "the password at the mail server"),
    SMTP_CA("FILE", "", "certificates in PEM that are trusted there instead of the system's"),
    MAIL_FROM("ADDRESS", "", "address that mail comes from, such as cambium@example.org"),
    MAIL_DOMAINS("LIST", "", "domains that may be written to, such as example.org; empty: any"),
    CELL_HOSTS("LIST", "", "where cells may be looked at, such as 10.0.0.0/8,*.cells.example; empty: anywhere but "
            + "link-local addresses and those where clouds keep secrets"),
    BRAKE_DRILL("TIME", "09:00", "when, in UTC, the leader proves each day that a brake would brake; off: never"),
    VALID_UNTIL("TIME", "none", "how long apt may believe an index, as 7d or 36h, where a repository does not say so "
            + "itself; none: for ever"),
    OPENID_ISSUER("URL", "", "OpenID Connect provider that people may sign in with, such as https://gitlab.example"),
    OPENID_CLIENT("ID", "", "what this server is called at the provider"),
    OPENID_SECRET_FILE("FILE", "", "file with the client's secret; or the variable CAMBIUM_OPENID_SECRET"),
    OPENID_LABEL("TEXT", "OpenID", "what the sign-in page calls the provider"),
    OPENID_SCOPES("LIST", "openid,profile", "what the provider is asked for"),
    OPENID_NAME_CLAIM("CLAIM", "preferred_username", "the claim that names the account"),
    OPENID_GROUPS_CLAIM("CLAIM", "groups", "the claim that lists groups; dots lead into objects"),
    OPENID_ROLES("LIST", "", "roles of the provider's groups, as delivery=release-manager;*=read-only, where * is "
            + "everybody; whoever has no role is refused"),
    OPENID_RIGHTS("DAYS", "30", "how long after the last sign-in with the provider an account and its tokens keep "
            + "their rights"),
    OPENID_SECRET("", "", "the client's secret at the OpenID provider"),
    FLEET_GIT("URL", "", "Git repository whose file is the fleet, such as https://git.example/ops/fleet.git; what it "
            + "says is applied by whichever process coordinates"),
    FLEET_GIT_BRANCH("NAME", "main", "branch that is followed"),
    FLEET_GIT_FILE("PATH", "fleet.yaml", "the file in the repository"),
    FLEET_GIT_EVERY("TIME", "1m", "how often the branch is looked at, from 1s to 60m"),
    FLEET_GIT_USER("NAME", "git", "who shows the token; GitHub wants x-access-token, GitLab any"),
    FLEET_GIT_TOKEN_FILE("FILE", "", "file with the token or password that opens an https:// repository"),
    FLEET_GIT_KEY("FILE", "", "private key that opens an ssh:// repository"),
    FLEET_GIT_KNOWN_HOSTS("FILE", "", "keys of the ssh server, as ssh-keyscan prints them"),
    FLEET_GIT_CA("FILE", "", "certificates in PEM that an https:// repository is trusted by, instead of the system's"),
    ADMIN_TOKEN("", "", "administrator's token, 48 lower-case hexadecimal digits; replaces the former one"),
    MASTER_KEY("", "", "64 lower-case hexadecimal digits; the same for all processes on one database"),
    FORMER_MASTER_KEY("", "", "the master key until now; what it has sealed is sealed again with the one in use");

    /// Variables of that prefix that belong to the launcher and to the command line, not to the server.
    static final List<String> OTHERS_VARIABLES = List.of("CAMBIUM_URL", "CAMBIUM_TOKEN", "CAMBIUM_JDKS",
        "CAMBIUM_KEY_PASSPHRASE");
    static final String PREFIX = "CAMBIUM_";

    private final String value;
    private final String standard;
    private final String meaning;

    Setting(String value, String standard, String meaning) {
        this.value = value;
        this.standard = standard;
        this.meaning = meaning;
    }

    Optional<String> flag() {
        return value.isEmpty() ? Optional.empty()
                : Optional.of("--" + name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }

    String variable() {
        return PREFIX + name();
    }

    String standard() {
        return standard;
    }

    static Optional<Setting> byFlag(String flag) {
        return Arrays.stream(values()).filter(setting -> setting.flag().filter(flag::equals).isPresent()).findFirst();
    }

    static Optional<Setting> byVariable(String variable) {
        return Arrays.stream(values()).filter(setting -> setting.variable().equals(variable)).findFirst();
    }

    /// The text of `--help`.
    static String help() {
        var text = new StringBuilder("Usage: cambium serve [FLAG VALUE]...\n\nEach setting as a flag, or as a variable "
                + "of the environment. A flag wins.\n\n");
        for (var setting : values()) {
            var names = setting.flag().map(flag -> flag + " " + setting.value + ", ").orElse("") + setting.variable();
            text.append("  ").append(names).append("\n      ").append(setting.meaning);
            if (!setting.standard.isEmpty()) {
                text.append(" (").append(setting.standard).append(")");
            }
            text.append('\n');
        }
        return text.append("  --help\n      this text\n").toString();
    }
}
