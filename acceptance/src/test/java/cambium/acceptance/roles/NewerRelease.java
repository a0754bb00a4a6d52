package cambium.acceptance.roles;

import cambium.acceptance.Checkout;
import java.io.File;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import javax.tools.ToolProvider;

/// The release after this one, built from these sources with two changes: one more migration, and a pin that names a
/// ticket, which this release cannot read. Everything else of it is what is packaged here.
final class NewerRelease {
    static final String MIGRATION = "V999__moon.sql";
    private static final String ADDS = "create table moon (phase text not null);\n"
            + "alter table fleet_head add column moon text not null default 'new';\n";
    private static final Path RECORDS = Path.of("rollout/src/main/java/cambium/rollout");
    private static final String PIN = """
            Optional<Instant> until)
                        implements FleetEvent {}

                record PinReleased(""";
    private static final String PIN_WITH_TICKET = """
            Optional<Instant> until,
                        Optional<String> ticket) implements FleetEvent {
                    public PinSet(Instant at, String by, Scope scope, ProductVersion version, String why,
                            Optional<Instant> until) {
                        this(at, by, scope, version, why, until, Optional.of("OPS-1"));
                    }
                }

                record PinReleased(""";
    private static final Map<String, Map<String, String>> CHANGES = Map.of(
            "FleetEvent.java", Map.of(PIN, PIN_WITH_TICKET),
            "FleetFold.java", Map.of("PinSet(var at, var by, var scope, var version, var why, var until)",
                    "PinSet(var at, var by, var scope, var version, var why, var until, var _)"));

    private final Path program;

    private NewerRelease(Path program) {
        this.program = program;
    }

    /// Needs the packaged server of this release, which whoever started one has built.
    static NewerRelease build(Path folder) throws IOException {
        var packaged = Checkout.root().resolve("server/target");
        var libraries = packaged.resolve("lib");
        var rollout = copy(libraries, "cambium-rollout-", folder);
        var server = copy(packaged, "cambium-server.jar", folder);
        compile(folder, libraries);
        try (var jar = FileSystems.newFileSystem(rollout);
                var compiled = Files.newDirectoryStream(folder.resolve("classes/cambium/rollout"))) {
            for (var each : compiled) {
                Files.write(jar.getPath("cambium/rollout", each.getFileName().toString()), Files.readAllBytes(each));
            }
        }
        try (var jar = FileSystems.newFileSystem(server)) {
            Files.writeString(jar.getPath("db/migration", MIGRATION), ADDS);
        }
        var program = folder.resolve("newer");
        // What comes first is the launcher of the older one.
        Files.writeString(program, "#!/bin/sh\nshift\nexec '" + Path.of(System.getProperty("java.home"), "bin/java")
                + "' -XX:+UseSerialGC -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED"
                + " --sun-misc-unsafe-memory-access=allow -cp '" + rollout + File.pathSeparator + server
                + File.pathSeparator + libraries + "/*' cambium.server.Main \"$@\"\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        return new NewerRelease(program);
    }

    /// What stands before the older one's launcher to start this instead.
    List<String> command() {
        return List.of(program.toString());
    }

    private static Path copy(Path from, String name, Path to) throws IOException {
        try (var found = Files.newDirectoryStream(from, name + "*")) {
            for (var jar : found) {
                if (!jar.getFileName().toString().contains("-tests")) {
                    return Files.copy(jar, Files.createDirectories(to).resolve(jar.getFileName()));
                }
            }
        }
        throw new IOException("no " + name + " in " + from);
    }

    private static void compile(Path folder, Path libraries) throws IOException {
        var sources = Files.createDirectories(folder.resolve("sources"));
        for (var change : CHANGES.entrySet()) {
            var text = Files.readString(Checkout.root().resolve(RECORDS).resolve(change.getKey()));
            for (var replaced : change.getValue().entrySet()) {
                if (!text.contains(replaced.getKey())) {
                    throw new IOException(change.getKey() + " has changed: write the newer release anew");
                }
                text = text.replace(replaced.getKey(), replaced.getValue());
            }
            Files.writeString(sources.resolve(change.getKey()), text);
        }
        int code = ToolProvider.getSystemJavaCompiler().run(null, null, null, "-proc:none", "-implicit:none", "-d",
                folder.resolve("classes").toString(), "-cp", classPath(libraries),
                sources.resolve("FleetEvent.java").toString(), sources.resolve("FleetFold.java").toString());
        if (code != 0) {
            throw new IOException("the newer release does not compile");
        }
    }

    private static String classPath(Path libraries) throws IOException {
        try (var jars = Files.newDirectoryStream(libraries, "cambium-rollout-*.jar")) {
            return jars.iterator().next().toString();
        }
    }
}
