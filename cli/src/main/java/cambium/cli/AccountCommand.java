package cambium.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "account", description = {"List, add and remove accounts, and change their passwords and roles.",
    "Roles: administrator, release-manager, engineer-on-call, ops, read-only."})
final class AccountCommand implements Callable<Integer> {
    private static final long MAX_PASSWORD_BYTES = 1024;

    private enum Act { list, add, remove, password, roles }

    @Mixin
    private final ServerOptions options;

    @Parameters(index = "0", arity = "0..1", paramLabel = "list|add|remove|password|roles", defaultValue = "list",
            hideParamSyntax = true, showDefaultValue = Visibility.NEVER, description = "what to do; list by default")
    private Act act;

    @Parameters(index = "1", arity = "0..1", paramLabel = "NAME", description = "the account")
    private String name;

    @Option(names = "--email", paramLabel = "ADDRESS", description = "what it signs in with; needed by add")
    private String email;

    @Option(names = "--role", paramLabel = "ROLE", description = "what it may do; several are allowed")
    private List<String> roles = List.of();

    @Option(names = "--password-file", paramLabel = "FILE",
            description = "file that holds the password; without one a password is made and shown once")
    private Path passwordFile;

    AccountCommand(ServerOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() {
        if (act != Act.list && name == null) {
            throw Stop.usage("an account is needed", "add its name: cambium account " + act + " NAME");
        }
        return switch (act) {
            case list -> list();
            case add -> add();
            case remove -> options.done(options.api().delete(path()), "account " + name + " is gone, with its tokens");
            case password -> password();
            case roles -> options.done(options.api().put(path() + "/roles", Api.Body.of(withRoles(Json.fields()))),
                    "account " + name + " may now act as: " + (roles.isEmpty() ? "nothing" : String.join(", ", roles)));
        };
    }

    private int list() {
        Reply reply = options.api().get("/api/accounts");
        if (options.json()) {
            return options.done(reply, "");
        }
        var table = new Table("account", "signs in with", "roles");
        for (Json account : reply.json().items("accounts")) {
            table.row(account.text("name"), account.find("email").orElse("OpenID"),
                    String.join(", ", account.items("roles").stream().map(Json::words).toList()));
        }
        options.print(table.lines(options.ink()));
        return Stop.Exit.DONE.code;
    }

    private int add() {
        if (email == null) {
            throw Stop.usage("an account needs an e-mail address", "add: --email ADDRESS");
        }
        Json.Fields request = withRoles(Json.fields().with("name", name).with("email", email));
        Reply reply = options.api().post("/api/accounts", withPassword(request));
        return options.done(reply, "account " + name + " is there" + invented(reply));
    }

    private int password() {
        Reply reply = options.api().put(path() + "/password", Api.Body.of(withPassword(Json.fields())));
        return options.done(reply, "the password of " + name + " is changed; its sessions have ended"
                + invented(reply));
    }

    private static String invented(Reply reply) {
        String made = reply.json().text("password");
        return made.isEmpty() ? "" : "\n  password, shown this once: " + made;
    }

    private Json.Fields withRoles(Json.Fields request) {
        List<Json> values = roles.stream().map(role -> (Json) new Json.Text(role)).toList();
        return request.with("roles", new Json.Items(values));
    }

    private Json.Fields withPassword(Json.Fields request) {
        return Optional.ofNullable(passwordFile).map(file -> request.with("password", read(file))).orElse(request);
    }

    private String read(Path file) {
        Path path = options.surroundings().folder().resolve(file);
        try {
            if (Files.size(path) > MAX_PASSWORD_BYTES) {
                throw Stop.usage("the password file " + file + " is too long", "it holds one line, the password");
            }
            return Files.readString(path).strip();
        } catch (IOException unreadable) {
            throw Stop.usage("cannot read the password file " + file, "check the path and its permissions");
        }
    }

    private String path() {
        return "/api/accounts/" + Api.segment(name);
    }
}
