package cambium.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "package-key", description = {"The public keys of those who sign packages themselves.",
    "list    them and the keys that sign the repository",
    "add     one from a file, as gpg --armor --export wrote it",
    "remove  one by its name in the list"})
final class PackageKeyCommand implements Callable<Integer> {
    private static final int MAX_FILE_BYTES = 256 * 1024;

    private enum Act { list, add, remove }

    @Mixin
    private final ServerOptions options;

    @Parameters(index = "0", paramLabel = "ACT", description = "list, add or remove")
    private Act act;

    @Parameters(index = "1", paramLabel = "U/R", description = "repository, for example acme/storefront")
    private String repository;

    @Parameters(index = "2", arity = "0..1", paramLabel = "KEY", description = "with remove: the key's name")
    private String key;

    @Option(names = {"-f", "--file"}, paramLabel = "FILE", description = "with add: the public key")
    private Path file;

    PackageKeyCommand(ServerOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() {
        String path = "/api/v1/repos/" + Api.escaped(repository) + "/gpg_keys";
        return switch (act) {
            case list -> list(options.api().get(path));
            case add -> {
                Reply reply = options.api().post(path, form());
                yield options.done(reply, "key " + reply.json().text("fingerprint") + " is known now, as "
                        + reply.json().text("name"));
            }
            case remove -> options.done(options.api().delete(path + "/" + Api.segment(named())),
                    "key " + key + " is gone");
        };
    }

    private String named() {
        if (key == null) {
            throw Stop.usage("which key?", "add its name; see cambium package-key list " + repository);
        }
        return key;
    }

    /// Small, so it is sent from memory. The boundary names the moment, so no key that was made before can hold it.
    private Api.Body form() {
        if (file == null) {
            throw Stop.usage("no key file is named", "add: --file FILE, as gpg --armor --export wrote it");
        }
        Path there = options.surroundings().folder().resolve(file);
        try {
            if (Files.size(there) > MAX_FILE_BYTES) {
                throw Stop.usage(file + " is too large for a key", "name the file that gpg wrote");
            }
            String boundary = "cambium-" + options.surroundings().clock().instant().toEpochMilli();
            var form = new ByteArrayOutputStream();
            form.writeBytes(("--" + boundary + "\r\nContent-Disposition: form-data; name=\"gpg_key[keydata]\"; "
                    + "filename=\"key\"\r\nContent-Type: application/octet-stream\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            form.writeBytes(Files.readAllBytes(there));
            form.writeBytes(("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.US_ASCII));
            return Api.Body.of("multipart/form-data; boundary=" + boundary, form.toByteArray());
        } catch (IOException unreadable) {
            throw Stop.usage("cannot read " + file, "check the path and its permissions");
        }
    }

    private int list(Reply reply) {
        if (options.json()) {
            return options.done(reply, "");
        }
        var table = new Table("key", "signs", "fingerprint");
        for (Json each : reply.json().items("gpg_keys")) {
            table.row(each.text("name"), each.text("keytype").equals("repo") ? "the repository" : "packages",
                    each.text("fingerprint"));
        }
        options.print(table.lines(options.ink()));
        return Stop.Exit.DONE.code;
    }
}
