package cambium.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "key", description = {"See and change the keys that sign a repository.",
    "list    every key and what becomes of it",
    "lint    what clients mind in the keys that sign, now or in a year",
    "export  print the public keys that clients trust, or that of one KEY",
    "rotate  put a new key in use; the former signs beside it for a time of grace",
    "import  the same with a key of your own, from a secret key file of gpg",
    "end     end the time of grace of a KEY now"})
final class KeyCommand implements Callable<Integer> {
    private static final int MAX_FILE_BYTES = 256 * 1024;

    private enum Act { list, lint, export, rotate, end, imported }

    @Mixin
    private final ServerOptions options;

    @Parameters(index = "0", paramLabel = "ACT", description = "list, lint, export, rotate, import or end")
    private String act;

    @Parameters(index = "1", paramLabel = "U/R", description = "repository, for example acme/storefront")
    private String repository;

    @Parameters(index = "2", arity = "0..1", paramLabel = "KEY",
            description = "with export and end: the key's fingerprint, or its last 16 digits")
    private String key;

    @Option(names = "--grace", paramLabel = "TIME",
            description = "with rotate and import: how long the former key goes on signing, such as 90d (default) or 0")
    private String grace;

    @Option(names = {"-f", "--file"}, paramLabel = "FILE",
            description = "with import: what gpg --armor --export-secret-keys wrote")
    private Path file;

    @Option(names = "--passphrase-file", paramLabel = "FILE",
            description = "with import: a file that holds the passphrase (or set CAMBIUM_KEY_PASSPHRASE)")
    private Path passphraseFile;

    KeyCommand(ServerOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() {
        return switch (act()) {
            case list -> list();
            case lint -> lint();
            case export -> export();
            case rotate -> changed(options.api().post(path() + "/rotate", graced(Json.fields())), "is in use now");
            case imported -> changed(options.api().post(path(), graced(secretKey())), "is in use now");
            case end -> changed(options.api().delete(path() + "/" + Api.segment(named())), "has ended");
        };
    }

    private Act act() {
        return switch (act) {
            case "list" -> Act.list;
            case "lint" -> Act.lint;
            case "export" -> Act.export;
            case "rotate" -> Act.rotate;
            case "import" -> Act.imported;
            case "end" -> Act.end;
            default -> throw Stop.usage("there is no 'key " + act + "'", "see cambium key --help");
        };
    }

    private String path() {
        return Api.repository(repository) + "/keys";
    }

    private String named() {
        if (key == null) {
            throw Stop.usage("which key?", "name it by its fingerprint; cambium key list " + repository);
        }
        return key;
    }

    private int list() {
        Reply reply = options.api().get(path());
        if (options.json()) {
            return options.done(reply, "");
        }
        var table = new Table("key", "state", "origin", "made", "signs until");
        for (Json each : reply.json().items("keys")) {
            table.row(each.text("fingerprint"), each.text("state").replace('_', ' '), each.text("origin"),
                    Times.full(each.text("created_at")), Times.full(each.text("signs_until")));
        }
        options.print(table.lines(options.ink()));
        return Stop.Exit.DONE.code;
    }

    /// Ends badly when a client would refuse a key that signs.
    private int lint() {
        Reply reply = options.api().get(path());
        List<Json> signing = reply.json().items("keys").stream()
                .filter(each -> !each.text("state").equals("ended")).toList();
        boolean refused = signing.stream().flatMap(each -> each.items("findings_in_a_year").stream())
                .anyMatch(finding -> finding.text("severity").equals("error"));
        if (options.json()) {
            options.done(reply, "");
        } else {
            signing.forEach(this::printFindings);
        }
        return refused ? Stop.Exit.REFUSED.code : Stop.Exit.DONE.code;
    }

    private void printFindings(Json each) {
        List<Json> now = each.items("findings");
        List<Json> later = each.items("findings_in_a_year").stream().filter(found -> !now.contains(found)).toList();
        options.print(each.text("fingerprint") + (now.isEmpty() && later.isEmpty()
                ? "  every client accepts it, now and in a year" : ""));
        now.forEach(found -> options.print("  now        " + found.text("severity") + ": " + found.text("message")));
        later.forEach(found -> options.print("  in a year  " + found.text("severity") + ": " + found.text("message")));
    }

    private int export() {
        String path = key == null ? "/" + Api.escaped(repository) + "/gpgkey" : path() + "/" + Api.segment(key);
        options.print(options.api().get(path).text().strip());
        return Stop.Exit.DONE.code;
    }

    private int changed(Reply reply, String what) {
        return options.done(reply, "key " + reply.json().text("fingerprint") + " " + what);
    }

    private Json.Fields graced(Json.Fields request) {
        if (grace == null) {
            return request;
        }
        Duration length = grace.equals("0") ? Duration.ZERO : Times.length(grace).orElseThrow(() -> Stop.usage(
                "'" + grace + "' is not a length of time", "write 90d, 12h or 0"));
        return request.with("grace", length.toString());
    }

    private Json.Fields secretKey() {
        if (file == null) {
            throw Stop.usage("no key file is named", "add: --file FILE, as gpg --armor --export-secret-keys wrote it");
        }
        String passphrase = Optional.ofNullable(passphraseFile).map(this::read).map(String::strip)
                .orElseGet(() -> options.surroundings().environment().getOrDefault("CAMBIUM_KEY_PASSPHRASE", ""));
        return Json.fields().with("secret_key", read(file)).with("passphrase", passphrase);
    }

    private String read(Path path) {
        Path there = options.surroundings().folder().resolve(path);
        try {
            if (Files.size(there) > MAX_FILE_BYTES) {
                throw Stop.usage(path + " is too large for a key", "name the file that gpg wrote");
            }
            return Files.readString(there);
        } catch (IOException unreadable) {
            throw Stop.usage("cannot read " + path, "it must be text; check the path and its permissions");
        }
    }
}
