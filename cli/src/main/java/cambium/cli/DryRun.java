package cambium.cli;

import picocli.CommandLine.Option;

/// Of a command: whether it is only asked what would come of it.
final class DryRun {
    @Option(names = "--dry-run", description = "say what would come of it, or why it would be refused; do nothing")
    private boolean dry;

    boolean asked() {
        return dry;
    }

    /// @param path with its query, if it has one
    String of(String path) {
        return dry ? path + (path.contains("?") ? "&" : "?") + "dry-run=true" : path;
    }
}
