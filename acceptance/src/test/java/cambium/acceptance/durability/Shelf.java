package cambium.acceptance.durability;

import cambium.acceptance.LiveProcesses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// What lies in the data folder of a server, seen from outside.
public record Shelf(Path data) {
    /// The digests of the stored blobs.
    public Set<String> blobs() throws IOException {
        var found = new TreeSet<String>();
        for (var file : files("blobs")) {
            if (file.getFileName().toString().matches("[0-9a-f]{64}")) {
                found.add(file.getFileName().toString());
            }
        }
        return found;
    }

    /// Half-received bytes; the lock files of living processes are none.
    public List<Path> incoming() throws IOException {
        return files("incoming").stream().filter(file -> file.toString().endsWith(".part")).toList();
    }

    /// Whether its PostgreSQL has said which process it is.
    public boolean isServed() {
        return Files.exists(data.resolve("database/postmaster.pid"));
    }

    /// The main process of the server's own PostgreSQL.
    public long postgres() throws IOException {
        return Long.parseLong(Files.readAllLines(data.resolve("database/postmaster.pid")).getFirst().strip());
    }

    /// Every process that works on this folder.
    public List<String> processes() throws IOException {
        return LiveProcesses.of(data);
    }

    private List<Path> files(String below) throws IOException {
        var folder = data.resolve(below);
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (var walk = Files.walk(folder)) {
            return walk.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
