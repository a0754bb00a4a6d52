package cambium.server.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// This machine's dnf with folders of its own, one repository, and its signature checked.
final class PrivateDnf {
    private static final String REPO = """
        [shop]
        name=shop
        baseurl=%s
        gpgkey=%s
        repo_gpgcheck=1
        gpgcheck=0
        enabled=1
        metadata_expire=0
        """;

    private final Path root;

    PrivateDnf(Path root, String baseUrl, String keyUrl) throws IOException {
        this.root = Files.createDirectories(root);
        for (String folder : List.of("repos", "cache", "root", "download", "log", "home")) {
            Files.createDirectories(root.resolve(folder));
        }
        Files.writeString(root.resolve("repos/shop.repo"), REPO.formatted(baseUrl, keyUrl));
        Files.writeString(root.resolve("dnf.conf"), "[main]\nplugins=0\nkeepcache=0\n");
    }

    String run(String... command) throws IOException, InterruptedException {
        var line = new ArrayList<>(List.of("dnf", "-y", "--refresh", "--config", root.resolve("dnf.conf").toString(),
            "--setopt=reposdir=" + root.resolve("repos"), "--setopt=cachedir=" + root.resolve("cache"),
            "--setopt=logdir=" + root.resolve("log"), "--setopt=persistdir=" + root.resolve("persist"),
            "--installroot=" + root.resolve("root"), "--releasever=9", "--forcearch=x86_64"));
        line.addAll(List.of(command));
        var process = new ProcessBuilder(line).redirectErrorStream(true).directory(root.resolve("download").toFile());
        process.environment().put("LANG", "C.UTF-8");
        process.environment().put("HOME", root.resolve("home").toString());
        Path log = root.resolve("output");
        Process started = process.redirectOutput(log.toFile()).start();
        assertTrue(started.waitFor(60, TimeUnit.SECONDS), "dnf hangs");
        String text = Files.readString(log);
        assertEquals(0, started.exitValue(), text);
        return text;
    }

    /// What dnf knows after fetching the repodata; its exit status alone says nothing.
    List<String> packagesSeen() throws IOException, InterruptedException {
        return run("repoquery", "--quiet", "--qf", "seen:%{name}-%{version}-%{release}.%{arch}\\n").lines()
            .filter(line -> line.startsWith("seen:")).map(line -> line.substring(5)).sorted().toList();
    }
}
