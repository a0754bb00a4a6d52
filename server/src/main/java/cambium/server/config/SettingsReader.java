package cambium.server.config;

import cambium.server.blob.S3Bucket;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.time.format.DateTimeParseException;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Reads flags and environment once, and refuses whatever it does not know.
final class SettingsReader {
    private static final Pattern LIFE = Pattern.compile("([0-9]{1,5})([dh])");
    private static final long MAX_LIFE_HOURS = 3650 * 24;
    private static final Pattern EVERY = Pattern.compile("([1-9]|[1-5][0-9]|60)([sm])");
    private static final int MAX_PORT = 65_535;
    private static final Pattern SIZE = Pattern.compile("([1-9][0-9]{0,5})(MiB|GiB)");
    private static final Pattern TOKEN = Pattern.compile("[0-9a-f]{48}");
    private static final Pattern ORIGIN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.:_-]{0,150}");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.:_-]{1,253}");

    private final Map<Setting, String> flags = new EnumMap<>(Setting.class);
    private final Map<Setting, String> variables = new EnumMap<>(Setting.class);

    SettingsReader(List<String> arguments, Map<String, String> environment) {
        readFlags(arguments);
        readVariables(environment);
    }

    ServerConfig config() {
        var data = path(Setting.DATA, text(Setting.DATA));
        return new ServerConfig(
                data,
                host(),
                port(),
                roles(),
                given(Setting.DATABASE_URL).map(this::databaseUrl),
                given(Setting.BLOBS).map(this::blobs).orElse(new BlobPlace.Folder(data.resolve("blobs"))),
                delivery(),
                given(Setting.DELIVERY_KEYS).map(text -> path(Setting.DELIVERY_KEYS, text)),
                given(Setting.DRIVERS).map(text -> path(Setting.DRIVERS, text)).orElse(data.resolve("drivers")),
                given(Setting.BASE_URL).map(this::baseUrl),
                origin(),
                fleetPages(),
                maxPackageBytes(),
                keepStatistics(),
                webhookHosts(),
                given(Setting.SMTP).map(this::mail).or(this::noMail),
                cellHosts(),
                brakeDrill(),
                validUntil(),
                given(Setting.OPENID_ISSUER).map(this::openId).or(this::noOpenId),
                given(Setting.FLEET_GIT).map(this::fleetGit).or(this::noFleetGit),
                given(Setting.ADMIN_TOKEN).map(this::adminToken),
                given(Setting.MASTER_KEY), given(Setting.FORMER_MASTER_KEY));
    }

    private void readFlags(List<String> arguments) {
        for (var i = 0; i < arguments.size(); i++) {
            var argument = arguments.get(i);
            var equals = argument.indexOf('=');
            var name = equals < 0 ? argument : argument.substring(0, equals);
            var setting = Setting.byFlag(name).orElseThrow(() -> unknown("flag", name,
                    Stream.of(Setting.values()).flatMap(s -> s.flag().stream()).toList()));
            if (equals < 0 && i + 1 == arguments.size()) {
                throw new StartRefused(name + " needs a value");
            }
            var value = equals < 0 ? arguments.get(++i) : argument.substring(equals + 1);
            if (flags.put(setting, value) != null) {
                throw new StartRefused(name + " is given twice");
            }
        }
    }

    private void readVariables(Map<String, String> environment) {
        new TreeMap<>(environment).forEach((name, value) -> {
            if (!name.startsWith(Setting.PREFIX) || Setting.OTHERS_VARIABLES.contains(name)) {
                return;
            }
            var setting = Setting.byVariable(name).orElseThrow(() -> unknown("variable", name,
                    Stream.of(Setting.values()).map(Setting::variable).toList()));
            if (!value.isBlank()) {
                variables.put(setting, value);
            }
        });
    }

    private static StartRefused unknown(String kind, String name, List<String> known) {
        return new StartRefused("unknown " + kind + " " + name + "; the nearest known one is "
                + Nearest.of(name, known) + " (cambium serve --help lists all)");
    }

    private Optional<String> given(Setting setting) {
        return Optional.ofNullable(flags.get(setting)).or(() -> Optional.ofNullable(variables.get(setting)));
    }

    private String text(Setting setting) {
        return given(setting).orElse(setting.standard());
    }

    private StartRefused bad(Setting setting, String expected) {
        var name = flags.containsKey(setting) ? setting.flag().orElseThrow() : setting.variable();
        return new StartRefused(name + " must be " + expected);
    }

    private Path path(Setting setting, String text) {
        if (text.isBlank() || text.indexOf('\0') >= 0) {
            throw bad(setting, "the path of a folder");
        }
        return Path.of(text).toAbsolutePath().normalize();
    }

    private BlobPlace blobs(String text) {
        if (!text.contains("://")) {
            return new BlobPlace.Folder(path(Setting.BLOBS, text));
        }
        try {
            return new BlobPlace.Bucket(S3Bucket.parse(text));
        } catch (IllegalArgumentException e) {
            throw bad(Setting.BLOBS, "a folder or a bucket; " + e.getMessage());
        }
    }

    private DeliveryChoice delivery() {
        try {
            return DeliveryChoice.parse(text(Setting.DELIVERY));
        } catch (IllegalArgumentException e) {
            throw bad(Setting.DELIVERY, e.getMessage());
        }
    }

    private String host() {
        var host = text(Setting.HOST);
        if (!HOST.matcher(host).matches()) {
            throw bad(Setting.HOST, "an address or a name, without a port");
        }
        return host;
    }

    private int port() {
        var text = text(Setting.PORT);
        if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > MAX_PORT) {
            throw bad(Setting.PORT, "a number from 0 to " + MAX_PORT + ", not '" + text + "'");
        }
        return Integer.parseInt(text);
    }

    private Set<Role> roles() {
        var roles = EnumSet.noneOf(Role.class);
        for (var name : text(Setting.ROLES).split(",")) {
            roles.add(Stream.of(Role.values())
                    .filter(role -> role.name().toLowerCase(Locale.ROOT).equals(name.strip()))
                    .findFirst()
                    .orElseThrow(() -> bad(Setting.ROLES, "a list of web, upload, index and coordinate; '"
                            + name.strip() + "' is none of them")));
        }
        return roles;
    }

    private String databaseUrl(String text) {
        if (!text.matches("(jdbc:)?postgres(ql)?://[^\\s]+/[^\\s]+")) {
            // Not repeated in the message: it may hold a password.
            throw bad(Setting.DATABASE_URL, "of the form postgresql://user:password@host:port/name");
        }
        return text;
    }

    /// Checked before anything is started or stored; not repeated in the message, since it is a secret.
    private String adminToken(String text) {
        if (!TOKEN.matcher(text).matches()) {
            throw bad(Setting.ADMIN_TOKEN, "48 lower-case hexadecimal digits; make one with: openssl rand -hex 24");
        }
        return text;
    }

    private String baseUrl(String text) {
        var trimmed = text.replaceAll("/+$", "");
        try {
            var uri = URI.create(trimmed);
            var http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (http && uri.getHost() != null && uri.getUserInfo() == null && uri.getQuery() == null
                    && uri.getFragment() == null && uri.getPath().isEmpty()) {
                return trimmed;
            }
        } catch (IllegalArgumentException e) {
            throw bad(Setting.BASE_URL, "an address such as https://packages.example.com");
        }
        throw bad(Setting.BASE_URL, "an address such as https://packages.example.com, without a path");
    }

    private ServerConfig.FleetPages fleetPages() {
        return switch (text(Setting.FLEET_PAGES)) {
            case "public" -> ServerConfig.FleetPages.PUBLIC;
            case "signed-in" -> ServerConfig.FleetPages.SIGNED_IN;
            default -> throw bad(Setting.FLEET_PAGES, "public or signed-in");
        };
    }

    private long maxPackageBytes() {
        var size = SIZE.matcher(text(Setting.MAX_PACKAGE_SIZE));
        if (!size.matches()) {
            throw bad(Setting.MAX_PACKAGE_SIZE, "a size such as 500MiB or 4GiB");
        }
        return Long.parseLong(size.group(1)) << (size.group(2).equals("MiB") ? 20 : 30);
    }

    private Set<String> webhookHosts() {
        var text = text(Setting.WEBHOOK_HOSTS);
        if (!text.matches("[A-Za-z0-9.:,_ -]{0,4096}")) {
            throw bad(Setting.WEBHOOK_HOSTS, "names or addresses of hosts, with commas between them");
        }
        return Stream.of(text.toLowerCase(Locale.ROOT).split("[, ]+")).filter(host -> !host.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }

    private MailSettings mail(String url) {
        var place = MailSettings.Place.parse(url).orElseThrow(() -> bad(Setting.SMTP, "smtp://host:port or "
                + "smtps://host:port, without a user: --smtp-user and --smtp-password-file name one"));
        var user = given(Setting.SMTP_USER);
        var password = secret(Setting.SMTP_PASSWORD_FILE, Setting.SMTP_PASSWORD);
        if (user.isPresent() != password.isPresent()) {
            throw new StartRefused("--smtp-user and --smtp-password-file (or CAMBIUM_SMTP_PASSWORD) go together");
        }
        var from = given(Setting.MAIL_FROM).flatMap(MailAddress::parse).orElseThrow(() -> new StartRefused(
                "--smtp needs --mail-from, an address such as cambium@example.org"));
        return new MailSettings(place.host(), place.port(), place.security(), user, password, file(Setting.SMTP_CA),
                from, mailDomains());
    }

    private Set<String> mailDomains() {
        var domains = Stream.of(text(Setting.MAIL_DOMAINS).toLowerCase(Locale.ROOT).split("[, ]+"))
                .filter(domain -> !domain.isEmpty()).collect(Collectors.toUnmodifiableSet());
        if (!domains.stream().allMatch(MailAddress::isDomain)) {
            throw bad(Setting.MAIL_DOMAINS, "names of domains, with commas between them");
        }
        return domains;
    }

    private Optional<MailSettings> noMail() {
        return this.<MailSettings>without("SMTP_", "--smtp").or(() -> without("MAIL_", "--smtp"));
    }

    private CellHosts cellHosts() {
        return CellHosts.parse(text(Setting.CELL_HOSTS)).orElseThrow(() -> bad(Setting.CELL_HOSTS,
                "names, addresses or networks with commas between them, such as 10.0.0.0/8,*.cells.example"));
    }

    private Optional<LocalTime> brakeDrill() {
        var text = text(Setting.BRAKE_DRILL);
        try {
            return text.equals("off") ? Optional.empty() : Optional.of(LocalTime.parse(text));
        } catch (DateTimeParseException wrong) {
            throw bad(Setting.BRAKE_DRILL, "off, or a time of the day such as 09:00");
        }
    }

    private String origin() {
        var origin = given(Setting.ORIGIN)
                .or(() -> given(Setting.BASE_URL).map(this::baseUrl).map(URI::create).map(URI::getHost))
                .orElse("cambium");
        if (!ORIGIN.matcher(origin).matches()) {
            throw bad(Setting.ORIGIN, "the name of a host, such as packages.example.org");
        }
        return origin;
    }

    private Optional<Duration> validUntil() {
        var text = text(Setting.VALID_UNTIL);
        if (text.equals("none")) {
            return Optional.empty();
        }
        var life = LIFE.matcher(text);
        var hours = life.matches() ? Long.parseLong(life.group(1)) * (life.group(2).equals("d") ? 24 : 1) : 0;
        if (hours < 1 || hours > MAX_LIFE_HOURS) {
            throw bad(Setting.VALID_UNTIL, "none, or a time from 1h to 3650d such as 7d or 36h");
        }
        return Optional.of(Duration.ofHours(hours));
    }

    private OpenIdSettings openId(String issuer) {
        return new OpenIdSettings(
                OpenIdSettings.issuer(issuer).orElseThrow(() -> bad(Setting.OPENID_ISSUER,
                        "the provider's https address as it calls itself, without a query")),
                given(Setting.OPENID_CLIENT).orElseThrow(() -> new StartRefused("--openid-issuer needs "
                        + "--openid-client, what this server is called at the provider")),
                secret(Setting.OPENID_SECRET_FILE, Setting.OPENID_SECRET), text(Setting.OPENID_LABEL).strip(),
                openIdScopes(), text(Setting.OPENID_NAME_CLAIM), text(Setting.OPENID_GROUPS_CLAIM),
                OpenIdSettings.roles(text(Setting.OPENID_ROLES)).orElseThrow(() -> bad(Setting.OPENID_ROLES,
                        "a list such as delivery=release-manager;*=read-only: without one nobody could sign in")),
                days(Setting.OPENID_RIGHTS));
    }

    /// From a file or from the environment, since neither is seen by others on this machine.
    private Optional<String> secret(Setting inFile, Setting variable) {
        if (given(inFile).isPresent() && given(variable).isPresent()) {
            throw new StartRefused("either " + inFile.flag().orElseThrow() + " or " + variable.variable()
                    + " is expected");
        }
        return given(inFile).map(file -> secretIn(inFile, file)).or(() -> given(variable));
    }

    private String secretIn(Setting setting, String file) {
        try {
            var secret = Files.readString(path(setting, file)).strip();
            if (!secret.isEmpty()) {
                return secret;
            }
        } catch (IOException unreadable) {
            // Said below, as for an empty one.
        }
        throw bad(setting, "a file with the secret that this process may read");
    }

    private List<String> openIdScopes() {
        var scopes = List.of(text(Setting.OPENID_SCOPES).strip().split("[, ]+"));
        if (!scopes.contains("openid") || scopes.stream().anyMatch(scope -> !scope.matches("[!#-\\[\\]-~]+"))) {
            throw bad(Setting.OPENID_SCOPES, "a list with openid in it, such as openid,profile,email");
        }
        return scopes;
    }

    private Optional<OpenIdSettings> noOpenId() {
        return without("OPENID_", "--openid-issuer");
    }

    /// Settings that mean nothing without the one that is missing.
    private <T> Optional<T> without(String prefix, String missing) {
        Stream.of(Setting.values()).filter(setting -> setting.name().startsWith(prefix))
                .filter(setting -> given(setting).isPresent()).findFirst().ifPresent(setting -> {
                    throw new StartRefused(setting.flag().orElse(setting.variable()) + " needs " + missing);
                });
        return Optional.empty();
    }

    private FleetGit fleetGit(String url) {
        var git = new FleetGit(url, text(Setting.FLEET_GIT_BRANCH), text(Setting.FLEET_GIT_FILE), every(),
                text(Setting.FLEET_GIT_USER), file(Setting.FLEET_GIT_TOKEN_FILE), file(Setting.FLEET_GIT_KEY),
                file(Setting.FLEET_GIT_KNOWN_HOSTS), file(Setting.FLEET_GIT_CA));
        git.problem().ifPresent(problem -> {
            throw new StartRefused(problem);
        });
        return git;
    }

    private Optional<FleetGit> noFleetGit() {
        return without("FLEET_GIT_", "--fleet-git");
    }

    private Duration every() {
        var every = EVERY.matcher(text(Setting.FLEET_GIT_EVERY));
        if (!every.matches()) {
            throw bad(Setting.FLEET_GIT_EVERY, "a time from 1s to 60m such as 30s or 5m");
        }
        return Duration.ofSeconds(Long.parseLong(every.group(1)) * (every.group(2).equals("m") ? 60 : 1));
    }

    private Optional<Path> file(Setting setting) {
        return given(setting).map(text -> path(setting, text)).map(path -> {
            if (!Files.isReadable(path)) {
                throw bad(setting, "a file that this process may read");
            }
            return path;
        });
    }

    private Duration keepStatistics() {
        return days(Setting.KEEP_STATISTICS);
    }

    private Duration days(Setting setting) {
        var days = text(setting);
        if (!days.matches("[1-9][0-9]{0,3}")) {
            throw bad(setting, "a number of days from 1 to 9999");
        }
        return Duration.ofDays(Long.parseLong(days));
    }
}
