package cambium.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.Pattern;

/// What the servers of all tests of this run have printed, in one folder, and the secrets that tests have met.
/// [cambium.acceptance.secrets.LogsTest] looks at the end whether any of these is in any of those.
public final class ServerLogs {
    private static final Path FOLDER = Path.of("target", "server-logs", Long.toString(ProcessHandle.current().pid()));
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
        if (secret.length() >= MIN_SECRET_CHARACTERS) {
            SECRETS.add(secret);
            SECRETS.add(Base64.getEncoder().encodeToString((secret + ":").getBytes(UTF_8)));
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

    public static Set<String> secrets() {
        return Set.copyOf(SECRETS);
    }

    /// Every place where a secret stands, as file and line without the secret itself.
    public static List<String> leaks() throws IOException {
        var leaks = new ArrayList<String>();
        for (var file : files()) {
            for (var line : Files.readString(file).lines().toList()) {
                SECRETS.stream().filter(line::contains).findFirst()
                        .ifPresent(secret -> leaks.add(file.getFileName() + ": " + line.replace(secret, "***")));
            }
        }
        return leaks;
    }

    public static List<Path> files() throws IOException {
        try (var files = Files.list(FOLDER)) {
            return files.sorted().toList();
        }
    }
}
