package cambium.server.webhook;

import cambium.server.config.MailAddress;
import cambium.server.config.MailSettings;
import cambium.server.testing.Eventually;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;

/// Debian's exim on a port of this machine, with a configuration of its own: it takes mail for `example.org`, knows
/// nobody called `gone`, and lets `later` come again. Its certificate is trusted by nobody but whoever names it.
public final class MailServer implements AutoCloseable {
    public static final String PASSWORD = "hunter2-of-the-mail-server";
    private static final String CONFIGURATION = """
        spool_directory = FOLDER/spool
        log_file_path = FOLDER/%slog
        exim_user = USER
        primary_hostname = mail.example.org
        domainlist here = example.org
        keep_environment =
        host_lookup =
        rfc1413_query_timeout = 0s
        tls_advertise_hosts = TLS_FOR
        tls_on_connect_ports = TLS_PORTS
        tls_certificate = FOLDER/cert.pem
        tls_privatekey = FOLDER/key.pem
        acl_smtp_rcpt = recipient
        acl_smtp_data = accept
        begin acl
        recipient:
          deny local_parts = gone
               message = 5.1.1 no such person here
          defer local_parts = later
               message = 4.2.0 come again later
          accept domains = +here
          deny message = relay not permitted
        begin routers
        all:
          driver = accept
          domains = +here
          transport = file
        begin transports
        file:
          driver = appendfile
          maildir_format
          directory = FOLDER/mail
          user = TAKER
          create_directory
        begin authenticators
        plain:
          driver = plaintext
          public_name = PLAIN
          server_condition = ${if and{{eq{$auth2}{cambium}}{eq{$auth3}{PASSWORD}}}}
          server_set_id = $auth2
          server_advertise_condition = ${if def:tls_in_cipher}
        """;

    private final Path folder;
    private final int port;
    private Optional<Process> process = Optional.empty();

    /// What the server offers.
    public enum Tls { NEVER, OFFERED, FROM_THE_FIRST_BYTE }

    public MailServer(Path folder, Tls tls) throws IOException, InterruptedException {
        this.folder = Files.createDirectories(folder);
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            this.port = free.getLocalPort();
        }
        // Root delivers as nobody, who has to get there.
        for (var each : List.of(folder.getParent(), folder, Files.createDirectories(folder.resolve("mail")))) {
            Files.setPosixFilePermissions(each, PosixFilePermissions.fromString("rwxrwxrwx"));
        }
        run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", folder + "/key.pem", "-out",
            folder + "/cert.pem", "-days", "2", "-subj", "/CN=mail", "-addext", "subjectAltName=IP:127.0.0.1");
        String user = System.getProperty("user.name");
        Files.writeString(folder.resolve("exim.conf"), CONFIGURATION.replace("FOLDER", folder.toString())
            .replace("TLS_FOR", tls == Tls.NEVER ? "" : "*")
            .replace("TLS_PORTS", tls == Tls.FROM_THE_FIRST_BYTE ? Integer.toString(port) : "")
            .replace("USER", user).replace("TAKER", user.equals("root") ? "nobody" : user)
            .replace("{PASSWORD}", "{" + PASSWORD + "}"));
        start();
    }

    private static void run(String... command) throws IOException, InterruptedException {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var said = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
            throw new IOException(List.of(command) + ": " + said);
        }
    }

    public void start() throws IOException {
        process = Optional.of(new ProcessBuilder("/usr/sbin/exim4", "-C", folder + "/exim.conf", "-bdf", "-oX",
            "127.0.0.1." + port, "-oP", folder + "/exim.pid").redirectErrorStream(true)
            .redirectOutput(folder.resolve("out").toFile()).start());
        Eventually.holds("exim listens", this::listens);
    }

    private boolean listens() throws IOException {
        if (!process.orElseThrow().isAlive()) {
            throw new IllegalStateException("exim ended: " + Files.readString(folder.resolve("out")) + log());
        }
        return isConnectedTo();
    }

    private boolean isConnectedTo() {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    public void stop() {
        process.ifPresent(running -> {
            running.destroy();
            running.onExit().join();
        });
        process = Optional.empty();
        // A process that has just taken a letter keeps the port for a moment, and delivers it as nobody's child.
        Eventually.holds("nobody listens", () -> !isConnectedTo());
        Eventually.holds("no letter is under way", () -> ProcessHandle.allProcesses().noneMatch(this::isOfThisServer));
    }

    private boolean isOfThisServer(ProcessHandle other) {
        return other.info().commandLine().filter(line -> line.contains(folder + "/exim.conf")).isPresent();
    }

    public int port() {
        return port;
    }

    public MailSettings settings(MailSettings.Security security) {
        return new MailSettings("127.0.0.1", port, security, Optional.empty(), Optional.empty(), Optional.empty(),
            MailAddress.parse("cambium@example.net").orElseThrow(), Set.of());
    }

    public Path certificate() {
        return folder.resolve("cert.pem");
    }

    /// What exim says of itself, one line for each thing that happened.
    public List<String> log() {
        try {
            var log = folder.resolve("mainlog");
            return Files.exists(log) ? Files.readAllLines(log) : List.of();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /// Mail that has arrived, the oldest first.
    public List<MimeMessage> mail() {
        var arrived = folder.resolve("mail/new");
        if (!Files.exists(arrived)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(arrived)) {
            return files.sorted().map(MailServer::read).toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    static String id(MimeMessage mail) {
        try {
            return mail.getMessageID();
        } catch (MessagingException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }

    private static MimeMessage read(Path file) {
        try (var in = Files.newInputStream(file)) {
            return new MimeMessage(Session.getInstance(new Properties()), in);
        } catch (IOException | MessagingException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }

    @Override
    public void close() {
        stop();
    }
}
