package cambium.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "push", description = {"Upload packages to a repository: .deb, .rpm, source packages as .src.rpm or as "
        + ".dsc with its files beside it, and with --distro anyfile/1 any file.",
    "A file that is already there with the same bytes counts as pushed.",
    "A file that is refused does not stop the others; the exit code then is 1."})
final class PushCommand implements Callable<Integer> {
    /// After these no other file would be taken either.
    private static final Set<Integer> ENDS_ALL = Set.of(401, 403, 404);

    @Mixin
    private final ServerOptions options;

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "package files")
    private List<Path> files;

    @Mixin
    private final Destination destination = new Destination();

    @Option(names = "--wait", negatable = true, defaultValue = "true", fallbackValue = "true",
            description = "wait in the end until package managers can see all of them (default)")
    private boolean wait;

    private final List<PushResult> results = new ArrayList<>();

    PushCommand(ServerOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() {
        destination.check();
        List<PackageFiles> given = given();
        Api api = options.api();
        destination.created(api).ifPresent(made -> say("repository " + made + " created"));
        Json distributions = api.get("/api/v1/distributions.json").json();
        var numbers = new LinkedHashMap<String, String>();
        given.stream().filter(PackageFiles::isPackage).map(PackageFiles::type).forEach(type ->
                numbers.computeIfAbsent(type, _ -> destination.number(distributions, type)));
        Stop.Exit exit = send(api, packages(api, given, numbers), numbers);
        if (wait) {
            awaitAll(api);
        }
        report();
        return results.stream().allMatch(PushResult::isTaken) ? Stop.Exit.DONE.code : exit.code;
    }

    /// Looked at before the server is asked anything, so that wrong use leaves nothing behind.
    private List<PackageFiles> given() {
        Path folder = options.surroundings().folder();
        var given = new LinkedHashSet<PackageFiles>();
        files.forEach(file -> given.add(PackageFiles.of(file, folder, destination.isAnyFile())));
        if (given.stream().noneMatch(PackageFiles::isSource)) {
            given.stream().filter(file -> !file.isPackage()).findFirst().ifPresent(file -> {
                throw noPackage(file);
            });
        }
        return List.copyOf(given);
    }

    private static Stop noPackage(PackageFiles file) {
        return Stop.usage(file.shown() + " is no .deb, .dsc or .rpm file, and none that a .dsc here names",
                "leave it out, or keep it as any file with: --distro anyfile/1");
    }

    /// Each source package with its files. What is left over then is refused, without stopping the others.
    private List<PackageFiles> packages(Api api, List<PackageFiles> given, Map<String, String> numbers) {
        var packages = new ArrayList<PackageFiles>();
        var along = new LinkedHashSet<Path>();
        for (PackageFiles file : given) {
            if (file.isPackage()) {
                packages.add(file.isSource() ? file.with(named(api, file, numbers.get(file.type()))) : file);
                along.addAll(packages.getLast().others());
            }
        }
        given.stream().filter(file -> !file.isPackage() && !along.contains(file.main())).forEach(file ->
                results.add(PushResult.refused(file.shown(), "no_package", noPackage(file))));
        return packages;
    }

    /// The files that a .dsc names. None where the server cannot tell: it then refuses the push, with the reason.
    private List<String> named(Api api, PackageFiles source, String number) {
        Reply reply = post(api, source, number, "/packages/contents.json");
        return reply.json().items("files").stream().map(file -> file.text("filename")).toList();
    }

    /// How it ended: an answer that no other file would fare better with, or a lost server, ends it for all.
    private Stop.Exit send(Api api, List<PackageFiles> packages, Map<String, String> numbers) {
        Stop.Exit exit = Stop.Exit.REFUSED;
        boolean ended = false;
        for (PackageFiles one : packages) {
            if (ended) {
                results.add(PushResult.notSent(one.shown()));
                continue;
            }
            try {
                ended = pushed(api, one, numbers.get(one.type()));
            } catch (Stop stop) {
                results.add(PushResult.refused(one.shown(), stop.exit().name().toLowerCase(Locale.ROOT),
                        stop));
                exit = stop.exit();
                ended = true;
            }
            if (packages.size() > 1) {
                say(results.getLast().words());
            }
        }
        return exit;
    }

    /// Whether its answer ends the push for all others.
    private boolean pushed(Api api, PackageFiles one, String number) {
        Optional<Path> missing = one.missing();
        if (missing.isPresent()) {
            results.add(PushResult.refused(one.shown(), "source_files", Stop.refused("cannot read "
                    + missing.get().getFileName() + ", which it names", "put it beside the .dsc")));
            return false;
        }
        Reply reply = post(api, one, number, "/packages.json?idempotent=true");
        results.add(reply.ok() ? PushResult.taken(one.shown(), reply)
                : PushResult.refused(one.shown(), reply.code(),
                        reply.status() == 404 ? destination.missing(reply) : Refusals.of(reply)));
        return ENDS_ALL.contains(reply.status());
    }

    private Reply post(Api api, PackageFiles one, String number, String route) {
        Progress progress = new Progress(options, one.main().getFileName().toString());
        try {
            PackageUpload upload = PackageUpload.of(one, number, options.surroundings().clock().instant());
            return api.exchange("POST", destination.path() + route,
                    Optional.of(upload.body(sent -> progress.show(sent, upload.size()))));
        } catch (IOException unreadable) {
            throw Stop.usage("cannot read " + one.shown(), "check the path and its permissions");
        } finally {
            progress.clear();
        }
    }

    /// All uploads are done by then, so one generation of the indexes mostly holds them all.
    private void awaitAll(Api api) {
        var progress = new Progress(options, "visible to package managers");
        var visibility = new Visibility(options, api);
        for (int at = 0; at < results.size(); at++) {
            PushResult result = results.get(at);
            if (result.isTaken()) {
                try {
                    results.set(at, result.now(visibility.awaited(result.details())));
                } catch (Stop stop) {
                    results.set(at, result.notIndexed(stop));
                }
            }
            if (results.size() > 1) {
                progress.showCount(at + 1, results.size());
            }
        }
        progress.clear();
    }

    private void report() {
        if (options.json()) {
            options.print(new Json.Items(results.stream().map(PushResult::json).toList()).write());
            return;
        }
        long taken = results.stream().filter(PushResult::isTaken).count();
        boolean visible = results.stream().filter(PushResult::isTaken).allMatch(PushResult::isVisible);
        String seen = taken == 0 ? "" : visible ? ", visible to package managers" : ", not yet indexed";
        if (results.size() > 1) {
            options.print(results.size() + " packages: " + count(PushResult.Outcome.pushed) + " pushed, "
                    + count(PushResult.Outcome.already_there) + " there already, " + (results.size() - taken)
                    + " not taken" + seen.replaceFirst(",", ";"));
        } else if (taken == 1) {
            options.print(results.getFirst().words() + seen);
        }
        results.stream().filter(result -> !result.isTaken()).forEach(result ->
                options.surroundings().complain(result.file() + ": " + result.reason(), result.next()));
    }

    private long count(PushResult.Outcome outcome) {
        return results.stream().filter(result -> result.outcome() == outcome).count();
    }

    private void say(String line) {
        if (!options.json()) {
            options.print(line);
        }
    }
}
