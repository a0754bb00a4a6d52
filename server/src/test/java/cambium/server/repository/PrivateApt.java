package cambium.server.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// This machine's apt with folders of its own, one source and the key in `signed-by`.
final class PrivateApt {
    private static final String OPTIONS = """
        Dir "%1$s";
        Dir::State::status "%1$s/status";
        Dir::Etc "%1$s/etc";
        Dir::Etc::Parts "%1$s/none";
        Dir::Cache "%1$s/cache";
        Dir::State "%1$s/state";
        Dir::Bin::methods "/usr/lib/apt/methods";
        APT::Architecture "amd64";
        APT::Architectures { "amd64"; };
        APT::Sandbox::User "root";
        Acquire::Languages "none";
        Acquire::Retries "0";
        """;

    private final Path root;

    /// `keyUrl` is fetched once, as an install script would.
    PrivateApt(Path root, String key, String source) throws IOException {
        this.root = Files.createDirectories(root);
        for (String folder : List.of("etc/apt.conf.d", "etc/sources.list.d", "etc/preferences.d", "none",
            "cache/archives/partial", "state/lists/partial", "download")) {
            Files.createDirectories(root.resolve(folder));
        }
        Files.writeString(root.resolve("status"), "");
        Path keyring = Files.writeString(root.resolve("key.asc"), key);
        Files.writeString(root.resolve("etc/sources.list"), "deb [signed-by=" + keyring + "] " + source + "\n");
        Files.writeString(root.resolve("apt.conf"), OPTIONS.formatted(root));
    }

    /// Another setting or another value for one.
    PrivateApt with(String option, String value) throws IOException {
        Files.writeString(root.resolve("apt.conf"), Files.readString(root.resolve("apt.conf")) + option + " \"" + value
            + "\";\n");
        return this;
    }

    record Outcome(int status, String text) {}

    Outcome run(String... command) throws IOException, InterruptedException {
        var process = new ProcessBuilder(new ArrayList<>(List.of(command))).redirectErrorStream(true)
            .directory(root.resolve("download").toFile());
        process.environment().put("APT_CONFIG", root.resolve("apt.conf").toString());
        process.environment().put("LANG", "C.UTF-8");
        Path log = root.resolve("log");
        Process started = process.redirectOutput(log.toFile()).start();
        assertTrue(started.waitFor(60, TimeUnit.SECONDS), "apt hangs");
        return new Outcome(started.exitValue(), Files.readString(log));
    }

    /// Updates and fails on any error or warning.
    String update() throws IOException, InterruptedException {
        Outcome outcome = run("apt-get", "update", "-o", "Debug::Acquire::http=1");
        assertEquals(0, outcome.status(), outcome.text());
        assertTrue(outcome.text().lines().noneMatch(line -> line.startsWith("W: ") || line.startsWith("E: ")),
            outcome.text());
        return outcome.text();
    }

    /// How many packages apt knows after an update; its exit status alone says nothing.
    long packagesSeen() throws IOException, InterruptedException {
        return run("apt-cache", "dumpavail").text().lines().filter(line -> line.startsWith("Package: ")).count();
    }

    Path download(String name) throws IOException, InterruptedException {
        Outcome outcome = run("apt-get", "download", name);
        assertEquals(0, outcome.status(), outcome.text());
        try (var files = Files.list(root.resolve("download"))) {
            return files.filter(file -> file.getFileName().toString().startsWith(name + "_")).findFirst().orElseThrow();
        }
    }
}
