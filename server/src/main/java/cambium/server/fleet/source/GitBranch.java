package cambium.server.fleet.source;

import cambium.server.config.FleetGit;
import cambium.server.fleet.handover.OneLine;
import cambium.server.fleet.source.GitProgram.Failed;
import cambium.server.fleet.yaml.FleetYaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;

/// The branch that is followed, asked anew each time: nothing that an earlier look left is trusted. Only the newest
/// [#MAX_COMMITS] commits and the one file are fetched where the other side can send so little.
final class GitBranch {
    static final int MAX_COMMITS = 100;
    private static final int MAX_AUTHOR = 200;
    private static final long WATCH_NANOS = Duration.ofHours(6).toNanos();
    private static final String HEAD = "refs/heads/followed";

    private final FleetGit git;
    private final Path folder;
    private final GitProgram program;
    private long watchedAt = System.nanoTime() - WATCH_NANOS - 1;

    /// The head of the branch.
    ///
    /// @param before the commits below it that were fetched, newest first
    /// @param file its bytes, or why there are none
    record Head(String commit, String author, List<String> before, Content file) {}

    /// What a commit has in the place of the file.
    sealed interface Content {
        record Bytes(byte[] bytes) implements Content {}

        record None(String code, String why) implements Content {}
    }

    GitBranch(FleetGit git, Path folder, String path) {
        this(git, folder, path, GitProgram.MAX_FOLDER_BYTES);
    }

    GitBranch(FleetGit git, Path folder, String path, long maxFolderBytes) {
        this.git = git;
        this.folder = folder;
        this.program = new GitProgram(git, folder, path, maxFolderBytes);
    }

    /// The commit at its head now; costs the other side next to nothing.
    String head() throws Failed, InterruptedException {
        empty();
        var told = program.must("ls-remote", "--quiet", git.url(), "refs/heads/" + git.branch()).text();
        if (System.nanoTime() - watchedAt > WATCH_NANOS) {
            watchedAt = System.nanoTime();
            program.watchCertificate();
        }
        var line = told.lines().filter(each -> each.endsWith("\trefs/heads/" + git.branch())).findFirst();
        return line.map(text -> text.substring(0, text.indexOf('\t'))).filter(GitBranch::isCommit)
                .orElseThrow(() -> new Failed("the repository has no branch " + git.branch()));
    }

    static boolean isCommit(String text) {
        return text.matches("[0-9a-f]{40}|[0-9a-f]{64}");
    }

    Head fetch() throws Failed, InterruptedException {
        empty();
        try {
            program.must("init", "--quiet", "--bare", ".");
            program.must("remote", "add", "origin", git.url());
            program.must("fetch", "--quiet", "--no-tags", "--depth=" + MAX_COMMITS, "--filter=tree:0", "origin",
                    "+refs/heads/" + git.branch() + ":" + HEAD);
            var commits = program.must("rev-list", HEAD).text().lines().toList();
            var author = program.must("log", "-1", "--format=%an <%ae>", HEAD).text();
            return new Head(commits.getFirst(), OneLine.of(author, MAX_AUTHOR), commits.subList(1, commits.size()),
                    content());
        } finally {
            empty();
        }
    }

    private Content content() throws Failed, InterruptedException {
        var entry = program.must("--literal-pathspecs", "ls-tree", HEAD, "--", git.file()).text().strip();
        if (!entry.matches("100(644|755) blob [0-9a-f]+\t.*")) {
            return new Content.None("no_file", entry.isEmpty() ? "it has no file " + git.file()
                    : git.file() + " is no plain file");
        }
        var blob = entry.split("[ \t]")[2];
        var bytes = program.must("cat-file", "blob", blob).output();
        return bytes.length <= FleetYaml.MAX_BYTES ? new Content.Bytes(bytes)
                : new Content.None("too_large", git.file() + " is larger than " + FleetYaml.MAX_BYTES + " bytes");
    }

    private void empty() throws Failed {
        try {
            if (Files.exists(folder)) {
                try (var files = Files.walk(folder)) {
                    for (var each : files.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(each);
                    }
                }
            }
            Files.createDirectories(folder);
        } catch (IOException unable) {
            throw new Failed("the folder " + folder.getFileName() + " cannot be used: "
                    + unable.getClass().getSimpleName());
        }
    }

    /// What of a commit people read.
    static String brief(String commit) {
        return commit.substring(0, Math.min(commit.length(), 12));
    }

}
