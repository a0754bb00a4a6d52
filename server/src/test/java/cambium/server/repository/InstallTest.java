package cambium.server.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.formats.testing.TestRpm;
import cambium.server.http.Json;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The install surface, asked as scripts, Chef and Puppet ask it, and the scripts themselves on a machine.
final class InstallTest {
    private static final String INSTALL = "/install/repositories/acme/secret/";
    private static final String BOOKWORM = "os=debian&dist=bookworm&name=host1";

    @TempDir
    Path data;

    private RepositoryServer server;
    private String master;

    @BeforeEach
    void start() {
        server = RepositoryServer.start(data.resolve("server"));
        server.create("acme/secret", true);
        server.create("acme/open", false);
        master = server.json("/api/v1/repos/acme/secret/master_tokens").get(0).path("value").textValue();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpResponse<String> ask(String path) {
        return server.http.get(path, "Authorization", RepositoryServer.basic(master));
    }

    private String text(String path) {
        HttpResponse<String> answer = ask(path);
        assertEquals(200, answer.statusCode(), answer.body());
        return answer.body();
    }

    private String authority() {
        return "127.0.0.1:" + server.http.port();
    }

    /// The one read token that there is.
    private String readToken() {
        var tokens = server.json("/api/v1/repos/acme/secret/master_tokens").get(0).path("read_tokens");
        assertEquals(1, tokens.size());
        assertEquals("host1", tokens.get(0).path("name").textValue());
        return tokens.get(0).path("value").textValue();
    }

    @Test
    void writesSourceLinesWithAndWithoutCredentials() {
        String plain = text(INSTALL + "config_file.list?" + BOOKWORM + "&source=script&auth=conf");
        String option = " [signed-by=/etc/apt/keyrings/acme_secret-archive-keyring.gpg] http://";
        assertEquals("deb" + option + authority() + "/acme/secret/debian/ bookworm main",
            plain.lines().filter(line -> line.startsWith("deb ")).findFirst().orElseThrow());
        assertTrue(plain.contains("deb-src" + option));
        String whole = text(INSTALL + "config_file.list?os=Debian&dist=12.5&name=host1");
        assertTrue(whole.contains("http://" + readToken() + ":@" + authority() + "/acme/secret/debian/ bookworm main"));
        assertEquals("machine http://" + authority() + "/acme/secret/ login " + readToken() + " password any\n",
            text(INSTALL + "apt_auth_conf?" + BOOKWORM));
        assertEquals("http://" + readToken() + ":@" + authority() + "/acme/secret/gpgkey",
            text(INSTALL + "gpg_key_url.list?" + BOOKWORM));
        assertEquals("text/apt_source_list", ask(INSTALL + "config_file.list?" + BOOKWORM).headers()
            .firstValue("Content-Type").orElseThrow());
        for (String path : List.of("config_file.list?os=debian&dist=eve&name=h", "config_file.list?name=h",
            "config_file.repo?os=el&dist=99&name=h", "apt_auth_conf?os=beos&dist=5&name=h",
            "rpm_base_url?os=debian&dist=bookworm&name=h", "config_file.repo?os=el&dist=9", "script.exe.sh")) {
            int status = ask(INSTALL + path).statusCode();
            assertTrue(status >= 400 && status < 500, path + " " + status);
        }
    }

    @Test
    void publicRepositoriesNeedNoNameAndNoToken() {
        String open = "/install/repositories/acme/open/";
        var list = server.http.get(open + "config_file.list?os=ubuntu&dist=jammy");
        assertEquals(200, list.statusCode());
        assertTrue(list.body().contains("] http://" + authority() + "/acme/open/ubuntu/ jammy main"));
        assertEquals("", server.http.get(open + "apt_auth_conf?os=ubuntu&dist=jammy&name=h").body());
        assertEquals("http://" + authority() + "/acme/open/el/9/$basearch",
            server.http.get(open + "rpm_base_url?os=rocky&dist=9.3").body());
        assertEquals("http://" + authority() + "/acme/open/gpgkey", server.http.get(open + "gpg_key_url.repo").body());
        assertEquals(401, server.send(server.http.request(open + "tokens.text").POST(BodyPublishers.ofString("name=h")))
            .statusCode());
        assertTrue(server.http.get(open + "script.rpm.sh").body().contains("'http://" + authority() + "/install/"));
    }

    @Test
    void writesRepoFilesAndChecksPackagesOnceTheirKeyIsKnown() throws Exception {
        String repo = text(INSTALL + "config_file.repo?os=centos&dist=7.9.2009&name=host1&source=script");
        String base = "http://" + readToken() + ":@" + authority() + "/acme/secret";
        assertEquals("""
            [acme_secret]
            name=acme_secret
            baseurl=BASE/el/7/$basearch
            repo_gpgcheck=1
            gpgcheck=0
            enabled=1
            gpgkey=BASE/gpgkey
            sslverify=1
            sslcacert=/etc/pki/tls/certs/ca-bundle.crt
            metadata_expire=300

            [acme_secret-source]
            name=acme_secret-source
            baseurl=BASE/el/7/SRPMS
            repo_gpgcheck=1
            gpgcheck=0
            enabled=1
            gpgkey=BASE/gpgkey
            sslverify=1
            sslcacert=/etc/pki/tls/certs/ca-bundle.crt
            metadata_expire=300
            """.replace("BASE", base), repo);
        String key = server.http.get("/acme/open/gpgkey").body();
        var form = new TestForm().field("gpg_key[keydata]", key);
        var added = server.send(form.request(server.authorized("/api/v1/repos/acme/secret/gpg_keys.json")));
        assertEquals(201, added.statusCode(), added.body());
        String name = Json.read(added.body().getBytes()).path("name").textValue();
        String checked = text(INSTALL + "config_file.repo?os=el&dist=7&name=host1");
        assertEquals(2, checked.split("gpgcheck=1\nenabled=1\ngpgkey=" + Pattern.quote(base)
            + "/gpgkey\n       " + Pattern.quote(base) + "/gpgkey/" + name + "\n", -1).length - 1,
            checked);
        assertEquals(base + "/el/7/$basearch", text(INSTALL + "rpm_base_url?os=redhat&dist=7.2&name=host1"));
        assertTrue(text(INSTALL + "config_file.repo?os=opensuse-leap&dist=15.6&name=host1").contains("autorefresh=1"));
    }

    @Test
    void givesTheSameReadTokenForTheSameName() {
        for (int i = 0; i < 2; i++) {
            var answer = server.send(server.http.request(INSTALL + "tokens.text", "Authorization",
                RepositoryServer.basic(master)).POST(BodyPublishers.ofString("name=host1&os=el&dist=9")));
            assertEquals(201, answer.statusCode());
            assertEquals(readToken(), answer.body());
            assertTrue(answer.headers().firstValue("Content-Type").orElseThrow().startsWith("text/plain"));
        }
        assertEquals(401, server.http.get(INSTALL + "script.deb.sh").statusCode());
        assertEquals(404, server.http.get(INSTALL + "script.deb.sh", "Authorization",
            RepositoryServer.basic(readToken())).statusCode(), "a read token opens files only");
    }

    @Test
    void theScriptSetsUpAptOnAMachineAndItReadsAPrivateRepository() throws Exception {
        server.pushed("acme/secret", TestDeb.of("hello", "1.0", "amd64"));
        server.pushed("acme/secret", TestDeb.of("docs", "2", "all"));
        server.settled();
        String script = text(INSTALL + "script.deb.sh");
        assertEquals("application/x-sh", ask(INSTALL + "script.deb.sh").headers().firstValue("Content-Type")
            .orElseThrow());
        Path file = Files.writeString(data.resolve("script.deb.sh"), script);
        try (var machine = new SandboxedMachine("ID=debian\nVERSION_CODENAME=\"bookworm\"\n")) {
            boolean was = Files.exists(Path.of("/etc/apt/sources.list.d/acme_secret.list"));
            var first = machine.run("curl -fsS 'http://" + master + ":@" + authority() + INSTALL
                + "script.deb.sh' | unique_id=host1 bash");
            assertEquals(0, first.status(), first.text());
            assertEquals(was, Files.exists(Path.of("/etc/apt/sources.list.d/acme_secret.list")), "not outside");
            assertFalse(first.text().contains(master) || first.text().contains(readToken()), first.text());
            assertTrue(first.text().lines().noneMatch(line -> line.startsWith("E:") || line.startsWith("W:")
                && !line.contains("main/source/Sources")), first.text());
            Path auth = machine.file("/etc/apt/auth.conf.d/acme_secret.conf");
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(auth)));
            assertTrue(Files.readString(auth).contains(" login " + readToken() + " "));
            String list = Files.readString(machine.file("/etc/apt/sources.list.d/acme_secret.list"));
            assertFalse(list.contains(readToken()), list);
            aptReads(machine, file);
        }
    }

    private static void aptReads(SandboxedMachine machine, Path script) throws Exception {
        var again = machine.run("unique_id=host1 sh '" + script + "' && apt-cache -o APT::Architecture=amd64 "
            + "dumpavail");
        assertEquals(0, again.status(), again.text());
        assertEquals(2, again.text().lines().filter(line -> line.equals("Package: hello")
            || line.equals("Package: docs")).count(), again.text());
        var fetched = machine.run("mkdir -p /etc/fetched && cd /etc/fetched && "
            + "apt-get -o APT::Architecture=amd64 download hello");
        assertEquals(0, fetched.status(), fetched.text());
        assertTrue(Files.exists(machine.file("/etc/fetched/hello_1.0_amd64.deb")));
        var unknown = machine.run("os=debian dist=eve sh '" + script + "'");
        assertEquals(1, unknown.status());
        assertTrue(unknown.text().contains("does not know this system"), unknown.text());
    }

    private Path rpmScript(String distroVersionId) throws Exception {
        byte[] rpm = TestRpm.of("tool", "1.0", "1", "x86_64").file("/usr/share/tool/readme", "tool").build();
        var pushed = server.push("acme/secret", rpm, distroVersionId, "");
        assertEquals(201, pushed.statusCode(), pushed.body());
        server.settled();
        return Files.writeString(data.resolve("script.rpm.sh"), text(INSTALL + "script.rpm.sh"));
    }

    @Test
    void theScriptSetsUpDnfWhichReadsAPrivateRepository() throws Exception {
        Path file = rpmScript(RpmTest.EL9);
        try (var machine = new SandboxedMachine("ID=\"rocky\"\nVERSION_ID=\"9.3\"\n")) {
            var run = machine.run("unique_id=host1 sh '" + file + "'");
            assertEquals(0, run.status(), run.text());
            assertFalse(run.text().contains(master), run.text());
            String repo = Files.readString(machine.file("/etc/yum.repos.d/acme_secret.repo"));
            assertEquals(text(INSTALL + "config_file.repo?os=el&dist=9&name=host1"), repo);
            var listed = machine.run("dnf -q --forcearch x86_64 repoquery --disablerepo='*' --enablerepo=acme_secret");
            assertEquals(List.of("tool-0:1.0-1.x86_64"), listed.text().lines()
                .filter(line -> line.startsWith("tool")).toList(), listed.text());
        }
    }

    @Test
    void theScriptSetsUpZypperWhichReadsAPrivateRepository() throws Exception {
        Path file = rpmScript("282");
        try (var machine = new SandboxedMachine("ID=\"opensuse-leap\"\nVERSION_ID=\"15.6\"\n")) {
            var run = machine.run("unique_id=host1 sh '" + file + "'");
            assertEquals(0, run.status(), run.text());
            var listed = machine.run("zypper --non-interactive --quiet search --repo acme_secret --details tool");
            assertTrue(listed.text().contains("| tool ") && listed.text().contains("1.0-1"), listed.text());
        }
    }

    @Test
    void scriptsAreCleanForTheShellAndItsChecker() throws Exception {
        for (String type : List.of("deb", "rpm")) {
            Path file = Files.writeString(data.resolve("script." + type + ".sh"), text(INSTALL + "script." + type
                + ".sh"));
            var checked = new ProcessBuilder("shellcheck", "-s", "sh", file.toString()).redirectErrorStream(true)
                .start();
            assertEquals("", new String(checked.getInputStream().readAllBytes()));
            assertEquals(0, checked.waitFor());
            assertFalse(Files.readString(file).contains("@NAME@") || Files.readString(file).contains("@INSTALL@"));
        }
    }
}
