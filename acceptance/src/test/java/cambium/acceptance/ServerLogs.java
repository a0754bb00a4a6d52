package cambium.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.Pattern;

/// What the servers of all tests of this run have printed, in one folder, and the secrets that tests have met, in files
/// beside it, since tests run in several processes. [cambium.acceptance.secrets.LogsTest] looks at the end whether any
/// of these is in any of those.
public final class ServerLogs {
    private static final String PROCESS = Long.toString(ProcessHandle.current().pid());
    /// The name that the processes of this run have in common.
    static final String RUN = System.getProperty("cambium.test.run", PROCESS);
    private static final Path FOLDER = Path.of("target", "server-logs", RUN);
    private static final Path SECRETS_FOLDER = FOLDER.resolve("met");
    /// Shorter values are words that may stand anywhere.
    private static final int MIN_SECRET_CHARACTERS = 16;
    private static final Pattern SECRET_FIELDS =
            Pattern.compile("\"(?:token|value|secret|password|secret_key|link|sealed)\"\\s*:\\s*\"([^\"]{16,})\"");
    private static final Pattern SIGNED = Pattern.compile("[?&](?:signature|X-Amz-Signature|Signature)=([^&]+)");
    private static final Set<String> SECRETS = new ConcurrentSkipListSet<>();

    static {
        note(RunningServer.TOKEN);
    }

    private ServerLogs() {}

    static Path newFile() throws IOException {
        return Files.createTempFile(Files.createDirectories(FOLDER), "serve-", ".out");
    }

    /// A value that must be in no log, neither as it is nor as a user name of HTTP.
    public static void note(String secret) {
        if (secret.length() >= MIN_SECRET_CHARACTERS && SECRETS.add(secret)) {
            keep(secret);
        }
    }

    private static synchronized void keep(String secret) {
        try {
            Files.writeString(Files.createDirectories(SECRETS_FOLDER).resolve(PROCESS), secret + "\n", CREATE, APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Tokens, cookies and signatures that an answer gives to its client.
    static void noteSecrets(HttpResponse<String> answer) {
        SECRET_FIELDS.matcher(answer.body()).results().forEach(found -> note(found.group(1)));
        answer.headers().allValues("Location").forEach(location ->
                SIGNED.matcher(location).results().forEach(found -> note(found.group(1))));
        answer.headers().allValues("Set-Cookie").forEach(cookie ->
                note(cookie.replaceAll("^[^=]*=|;.*$", "")));
    }

    /// What all tests of this run have met, in the forms in which a log would show it.
    public static Set<String> secrets() throws IOException {
        var secrets = new TreeSet<String>();
        try (var processes = Files.newDirectoryStream(SECRETS_FOLDER)) {
            for (var met : processes) {
                for (var secret : Files.readAllLines(met)) {
                    secrets.add(secret);
                    secrets.add(Base64.getEncoder().encodeToString((secret + ":").getBytes(UTF_8)));
                }
            }
        }
        return secrets;
    }

    /// Every place where a secret stands, as file and line without the secret itself.
    public static List<String> leaks() throws IOException {
        var leaks = new ArrayList<String>();
        var secrets = secrets();
        for (var file : files()) {
            for (var line : Files.readString(file).lines().toList()) {
                secrets.stream().filter(line::contains).findFirst()
                        .ifPresent(secret -> leaks.add(file.getFileName() + ": " + line.replace(secret, "***")));
            }
        }
        return leaks;
    }

    public static List<Path> files() throws IOException {
        try (var files = Files.list(FOLDER)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
