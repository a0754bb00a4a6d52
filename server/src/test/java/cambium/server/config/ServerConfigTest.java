package cambium.server.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerConfigTest {
    private static final String SECRET = "0123456789abcdef".repeat(3);

    @TempDir
    Path temp;

    @Test
    void hasADefaultForEverything() {
        var data = Path.of("data").toAbsolutePath();
        assertEquals(new ServerConfig(data, "127.0.0.1", 7070, EnumSet.allOf(Role.class), Optional.empty(),
                new BlobPlace.Folder(data.resolve("blobs")), new DeliveryChoice.Own(), Optional.empty(),
                data.resolve("drivers"), Optional.empty(), "cambium", ServerConfig.FleetPages.SIGNED_IN,
                4L << 30, Duration.ofDays(90), Set.of(), Optional.empty(), CellHosts.ANY,
                Optional.of(LocalTime.of(9, 0)), Optional.empty(), Optional.empty(), Optional.empty(),
                Optional.empty(), Optional.empty(), Optional.empty()), parse(Map.of()));
    }

    @Test
    void takesEverySettingFromAFlag() {
        assertEquals(new ServerConfig(Path.of("/d"), "0.0.0.0", 0, EnumSet.of(Role.WEB, Role.INDEX),
                Optional.of("postgresql://u:p@h:1/n"), new BlobPlace.Folder(Path.of("/b")),
                new DeliveryChoice.Presigned(), Optional.of(Path.of("/k")), Path.of("/r"),
                Optional.of("https://p.example"), "packagecloud.io", ServerConfig.FleetPages.PUBLIC, 500L << 20,
                Duration.ofDays(30), Set.of("ci.internal", "10.0.0.5"), Optional.empty(),
                CellHosts.parse("*.cells.example,10.1.0.0/16").orElseThrow(), Optional.of(LocalTime.of(4, 30)),
                Optional.of(Duration.ofHours(36)), Optional.empty(), Optional.empty(), Optional.empty(),
                Optional.empty(), Optional.empty()),
                parse(Map.of(), "--data", "/d", "--host=0.0.0.0", "--port", "0", "--roles", "web,index",
                        "--database-url", "postgresql://u:p@h:1/n", "--blobs", "/b", "--delivery", "s3",
                        "--delivery-keys", "/k", "--drivers", "/r",
                        "--base-url", "https://p.example/", "--origin", "packagecloud.io", "--fleet-pages", "public",
                        "--max-package-size", "500MiB", "--keep-statistics", "30",
                        "--webhook-hosts", "CI.internal, 10.0.0.5",
                        "--cell-hosts", "10.1.0.0/16, *.Cells.example", "--valid-until", "36h",
                        "--brake-drill", "04:30"));
    }

    @Test
    void takesALifeOfIndexesInDaysOrHoursAndNothingElse() {
        assertEquals(Optional.empty(), parse(Map.of(), "--valid-until", "none").validUntil());
        assertEquals(Optional.of(Duration.ofDays(3650)), parse(Map.of(), "--valid-until", "3650d").validUntil());
        for (var wrong : List.of("0d", "7", "7w", "3651d", "99999h", "-1h")) {
            var refused = assertThrows(StartRefused.class, () -> parse(Map.of(), "--valid-until", wrong));
            assertEquals("--valid-until must be none, or a time from 1h to 3650d such as 7d or 36h",
                    refused.getMessage());
        }
    }

    @Test
    void takesATimeOfTheDayForTheDrillAndNothingElse() {
        for (var wrong : List.of("9", "24:00", "daily", "09:00Z")) {
            assertEquals("--brake-drill must be off, or a time of the day such as 09:00",
                    assertThrows(StartRefused.class, () -> parse(Map.of(), "--brake-drill", wrong)).getMessage());
        }
    }

    @Test
    void takesEverySettingFromTheEnvironmentAndAFlagWins() {
        var environment = Map.ofEntries(Map.entry("CAMBIUM_DATA", "/d"), Map.entry("CAMBIUM_HOST", "::1"),
                Map.entry("CAMBIUM_PORT", "1"), Map.entry("CAMBIUM_ROLES", "upload"),
                Map.entry("CAMBIUM_DATABASE_URL", "postgresql://h/n"), Map.entry("CAMBIUM_BLOBS", "/b"),
                Map.entry("CAMBIUM_DELIVERY", "s3"), Map.entry("CAMBIUM_DELIVERY_KEYS", "/k"),
                Map.entry("CAMBIUM_DRIVERS", "/r"), Map.entry("CAMBIUM_BASE_URL", "http://p:1"),
                Map.entry("CAMBIUM_FLEET_PAGES", "public"), Map.entry("CAMBIUM_MAX_PACKAGE_SIZE", "1GiB"),
                Map.entry("CAMBIUM_ADMIN_TOKEN", SECRET), Map.entry("CAMBIUM_MASTER_KEY", "k"),
                Map.entry("CAMBIUM_FORMER_MASTER_KEY", "f"),
                Map.entry("CAMBIUM_URL", "the command line's"), Map.entry("CAMBIUM_TOKEN", "too"),
                Map.entry("CAMBIUM_KEEP_STATISTICS", "7"),
                Map.entry("CAMBIUM_BRAKE_DRILL", "off"),
                Map.entry("CAMBIUM_VALID_UNTIL", "7d"), Map.entry("PATH", "/bin"));
        var config = parse(environment, "--port", "2");
        assertEquals(new ServerConfig(Path.of("/d"), "::1", 2, EnumSet.of(Role.UPLOAD),
                Optional.of("postgresql://h/n"), new BlobPlace.Folder(Path.of("/b")), new DeliveryChoice.Presigned(),
                Optional.of(Path.of("/k")), Path.of("/r"), Optional.of("http://p:1"), "p",
                ServerConfig.FleetPages.PUBLIC, 1L << 30, Duration.ofDays(7), Set.of(), Optional.empty(), CellHosts.ANY,
                Optional.empty(), Optional.of(Duration.ofDays(7)), Optional.empty(), Optional.empty(),
                Optional.of(SECRET), Optional.of("k"), Optional.of("f")), config);
        assertEquals(7070, parse(Map.of("CAMBIUM_PORT", " ")).port());
    }

    @Test
    void handsMailToAServerWithTlsButOnThisMachineAndTellsNoPassword() throws Exception {
        var password = Files.writeString(temp.resolve("password"), "hunter2\n").toString();
        var mail = parse(Map.of(), "--smtp", "smtp://mail.example.org", "--smtp-user", "cambium",
                "--smtp-password-file", password, "--mail-from", "cambium@Example.org", "--mail-domains",
                "Example.org, ops.example.org").mail().orElseThrow();
        assertEquals("mail.example.org:587 STARTTLS from cambium@example.org as cambium with *** to "
                + "[example.org, ops.example.org]", mail.toString());
        assertEquals(Optional.of("hunter2"), mail.password());
        for (var place : Map.of("smtps://mail.example.org", "mail.example.org:465 TLS", "smtps://127.0.0.1:25",
                "127.0.0.1:25 TLS", "smtp://[::1]:2525", "::1:2525 OPEN", "smtp://localhost", "localhost:587 OPEN",
                "smtp://127.0.0.1.example.org:25", "127.0.0.1.example.org:25 STARTTLS").entrySet()) {
            assertEquals(place.getValue() + " from c@example.org", parse(Map.of(), "--smtp", place.getKey(),
                    "--mail-from", "c@example.org").mail().orElseThrow().toString());
        }
        for (var wrong : List.of("mail.example.org", "smtp://u:p@mail.example.org", "smtp://mail.example.org/x",
                "http://mail.example.org", "smtp://mail.example.org?a=b", "smtp://mail.example.org:99999")) {
            var refused = assertThrows(StartRefused.class, () -> parse(Map.of(), "--smtp", wrong, "--mail-from",
                    "c@example.org"), wrong);
            assertFalse(refused.getMessage().contains("u:p"), refused.getMessage());
        }
        for (var alone : List.of(List.of("--smtp", "smtp://h"), List.of("--mail-from", "c@example.org"),
                List.of("--smtp", "smtp://h", "--mail-from", "Cambium <c@example.org>"),
                List.of("--smtp", "smtp://h", "--mail-from", "c@example.org", "--smtp-user", "u"))) {
            assertThrows(StartRefused.class, () -> parse(Map.of(), alone.toArray(String[]::new)), alone.toString());
        }
    }

    @Test
    void takesNoMailAddressInWhichSomethingElseCouldBegin() {
        for (var right : List.of("anna@example.org", "o'hara.b+night@mail.example.co",
                "a_b~c=d@xn--bcher-kva.example")) {
            assertEquals(right, MailAddress.parse(right).orElseThrow().toString());
        }
        for (var wrong : List.of("", "anna", "anna@", "@example.org", "anna@localhost", "anna@example..org",
                "anna..b@example.org", ".anna@example.org", "anna@-x.org", "anna@example.org\r\nBcc: b@example.org",
                "anna@example.org,b@example.org", "anna@example.org?subject=x", "an na@example.org", "a%0a@example.org",
                "Anna <anna@example.org>", "\"a b\"@example.org", "änna@example.org", "a@[127.0.0.1]", "a@b@c.org",
                "a".repeat(65) + "@example.org", "a@" + "b".repeat(64) + ".org", "a@" + "b.".repeat(130) + "org")) {
            assertEquals(Optional.empty(), MailAddress.parse(wrong), wrong);
        }
    }

    @Test
    void followsARepositoryByFilesWithWhatOpensIt() throws Exception {
        var token = Files.writeString(temp.resolve("token"), "hunter2").toString();
        var git = parse(Map.of(), "--fleet-git", "https://git.example/ops/fleet.git", "--fleet-git-every", "5m",
                "--fleet-git-token-file", token).fleetGit().orElseThrow();
        assertEquals("https://git.example/ops/fleet.git main fleet.yaml", git.toString());
        assertEquals(List.of("git.example", "443", "PT5M"),
                List.of(git.host().orElseThrow(), Integer.toString(git.port()), git.every().toString()));
        var ssh = parse(Map.of(), "--fleet-git", "ssh://git@git.example:2222/ops/fleet.git", "--fleet-git-key", token,
                "--fleet-git-known-hosts", token).fleetGit().orElseThrow();
        assertEquals("git.example:2222", ssh.host().orElseThrow() + ":" + ssh.port());
        assertEquals(Optional.empty(), parse(Map.of(), "--fleet-git", "file:///srv/f.git").fleetGit().orElseThrow()
                .host());
        for (var wrong : List.of("git://h/f.git", "https://u:p@h/f.git", "ext::sh -c x", "git@h:f.git", "/srv/f.git",
                "https://h/f.git?x", "file://h", "ssh://-oProxyCommand=x/f", "ssh://git@-x/f", "https://h/a b")) {
            assertThrows(StartRefused.class, () -> parse(Map.of(), "--fleet-git", wrong), wrong);
        }
        for (var wrong : List.of(List.of("--fleet-git-branch", "-x"), List.of("--fleet-git-branch", "a..b"),
                List.of("--fleet-git-file", "../x"), List.of("--fleet-git-file", "/x"),
                List.of("--fleet-git-every", "0s"), List.of("--fleet-git-every", "61m"),
                List.of("--fleet-git-key", token), List.of("--fleet-git-token-file", temp.resolve("no").toString()))) {
            assertThrows(StartRefused.class, () -> parse(Map.of(), "--fleet-git", "https://h/f.git", wrong.getFirst(),
                    wrong.getLast()), wrong.toString());
        }
        assertThrows(StartRefused.class, () -> parse(Map.of(), "--fleet-git", "http://h/f", "--fleet-git-token-file",
                token), "a token in the clear");
        assertThrows(StartRefused.class, () -> parse(Map.of(), "--fleet-git", "ssh://git@h/f"), "no key");
        assertThrows(StartRefused.class, () -> parse(Map.of(), "--fleet-git-branch", "main"), "of what?");
    }

    @Test
    void takesAnOpenIdProviderWithTheRolesOfItsGroups() throws Exception {
        var secret = Files.writeString(temp.resolve("secret"), "hunter2\n");
        var config = parse(Map.of("CAMBIUM_OPENID_CLIENT", "cambium"), "--openid-issuer",
                "https://id.example/realms/a/", "--openid-secret-file", secret.toString(),
                "--openid-label", "GitLab", "--openid-scopes", "openid, email", "--openid-roles",
                "cn=a,ou=b=ops; acme/ops = ops;acme/ops=release-manager;*=read-only");
        var openId = config.openId().orElseThrow();
        assertEquals("https://id.example/realms/a/", openId.issuer().toString(), "letter for letter");
        assertEquals(Optional.of("hunter2"), openId.secret());
        assertEquals(List.of("openid", "email"), openId.scopes());
        assertEquals(List.of("ops", "read-only", "release-manager"), openId.rolesOf(List.of("acme/ops", "x")));
        assertEquals(List.of("ops", "read-only"), openId.rolesOf(List.of("cn=a,ou=b")));
        assertEquals(List.of("read-only"), openId.rolesOf(List.of()));
        assertFalse(config.toString().contains("hunter2"));
        assertTrue(parse(Map.of("CAMBIUM_OPENID_SECRET", "hunter2"), "--openid-issuer", "http://127.0.0.1:1",
                "--openid-client", "c", "--openid-roles", "a=ops").openId().orElseThrow().rolesOf(List.of()).isEmpty());
    }

    @Test
    void refusesAnOpenIdProviderThatIsHalfDescribed() {
        assertRefused("CAMBIUM_OPENID_SECRET needs --openid-issuer", Map.of("CAMBIUM_OPENID_SECRET", "hunter2"));
        assertRefused("--openid-issuer needs --openid-client", Map.of(), "--openid-issuer", "https://id.example");
        for (var issuer : List.of("http://id.example", "id.example", "https://u@id.example", "https://id.example?x")) {
            assertRefused("--openid-issuer must be the provider's https address", Map.of(), "--openid-issuer", issuer);
        }
        var rest = Map.of("CAMBIUM_OPENID_ISSUER", "https://id.example", "CAMBIUM_OPENID_CLIENT", "c");
        assertRefused("CAMBIUM_OPENID_ROLES must be a list such as", rest);
        assertRefused("--openid-roles must be a list such as", rest, "--openid-roles", "=ops");
        assertRefused("--openid-scopes must be a list with openid", rest, "--openid-roles", "a=ops",
                "--openid-scopes", "email");
        assertRefused("--openid-secret-file must be a file with the secret", rest, "--openid-secret-file",
                temp.resolve("none").toString());
    }

    @Test
    void namesTheNearestKnownSettingForAnUnknownOne() {
        assertRefused("unknown flag --prot; the nearest known one is --port", Map.of(), "--prot", "1");
        assertRefused("unknown flag --databse-url; the nearest known one is --database-url", Map.of(),
                "--databse-url=x");
        assertRefused("unknown variable CAMBIUM_ROLE; the nearest known one is CAMBIUM_ROLES",
                Map.of("CAMBIUM_ROLE", "web"));
        assertRefused("unknown flag serve", Map.of(), "serve");
        assertRefused("unknown flag --admin-token", Map.of(), "--admin-token", SECRET);
    }

    @Test
    void refusesValuesThatCannotBeMeant() {
        assertRefused("--port must be a number from 0 to 65535, not '70700'", Map.of(), "--port", "70700");
        assertRefused("--port must be", Map.of(), "--port", "-1");
        assertRefused("--port needs a value", Map.of(), "--port");
        assertRefused("--port is given twice", Map.of(), "--port", "1", "--port", "2");
        assertRefused("CAMBIUM_ROLES must be a list of web, upload, index and coordinate; 'wbe' is none of them",
                Map.of("CAMBIUM_ROLES", "wbe"));
        assertRefused("--roles must be", Map.of(), "--roles", "");
        assertRefused("--fleet-pages must be public or signed-in", Map.of(), "--fleet-pages", "all");
        assertRefused("--max-package-size must be", Map.of(), "--max-package-size", "0");
        assertRefused("--delivery must be own, s3, or cloudfront:https://", Map.of(), "--delivery", "cdn");
        assertRefused("--delivery must be", Map.of(), "--delivery", "cloudfront:http://plain.example");
        assertRefused("--blobs must be a folder or a bucket; region is", Map.of(), "--blobs", "s3://bucket?region=X");
        var bucket = assertRefused("--blobs must be a folder or a bucket; the address of a bucket holds no "
                + "credentials", Map.of(), "--blobs", "s3://me:hunter2@bucket");
        assertFalse(bucket.contains("hunter2"));
        assertRefused("--host must be", Map.of(), "--host", "a b");
        for (var url : List.of("p.example", "ftp://p.example", "https://u@p.example", "https://p.example/a",
                "https://p.example?x", "https://")) {
            assertRefused("--base-url must be", Map.of(), "--base-url", url);
        }
        assertRefused("--origin must be the name of a host", Map.of(), "--origin", "packagecloud.io/acme");
        assertRefused("CAMBIUM_ADMIN_TOKEN must be 48 lower-case hexadecimal digits",
                Map.of("CAMBIUM_ADMIN_TOKEN", SECRET.substring(1)));
        var refused = assertRefused("--database-url must be", Map.of(), "--database-url", "mysql://u:hunter2@h/n");
        assertFalse(refused.contains("hunter2"));
    }

    @Test
    void printsWithoutSecrets() {
        var text = parse(Map.of("CAMBIUM_ADMIN_TOKEN", SECRET, "CAMBIUM_MASTER_KEY", SECRET),
                "--database-url", "postgresql://u:hunter2@h:1/n?password=hunter2").toString();
        assertFalse(text.contains(SECRET) || text.contains("hunter2"), text);
        assertTrue(text.contains("h:1/n"), text);
    }

    @Test
    void listsEverySettingInItsHelp() {
        for (var setting : Setting.values()) {
            assertTrue(ServerConfig.help().contains(setting.variable()));
            setting.flag().ifPresent(flag -> assertTrue(ServerConfig.help().contains(flag + " ")));
        }
    }

    @Test
    void letsOneServerWorkOnAFolder() {
        try (var first = DataFolder.lock(temp.resolve("d"))) {
            first.keepSecret("s", "one");
            first.keepSecret("s", "two");
            assertEquals(Optional.of("two"), first.secret("s"));
            var refused = assertThrows(StartRefused.class, () -> DataFolder.lock(temp.resolve("d")));
            assertTrue(refused.getMessage().contains("process " + ProcessHandle.current().pid() + ")"),
                    refused.getMessage());
        }
        DataFolder.lock(temp.resolve("d")).close();
    }

    private static String assertRefused(String message, Map<String, String> environment, String... arguments) {
        var refused = assertThrows(StartRefused.class, () -> parse(environment, arguments));
        assertTrue(refused.getMessage().startsWith(message), refused.getMessage());
        return refused.getMessage();
    }

    private static ServerConfig parse(Map<String, String> environment, String... arguments) {
        return ServerConfig.parse(List.of(arguments), environment);
    }
}
