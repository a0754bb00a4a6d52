package cambium.server.repository;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a repair has found and done. Counts are whole; of the lists, the first [#MAX_LISTED] of each are kept.
final class RepairReport {
    static final int MAX_LISTED = 1000;

    private final List<Map<String, Object>> failed = new ArrayList<>();
    private final List<Map<String, Object>> missing = new ArrayList<>();
    private final List<Map<String, Object>> unnamed = new ArrayList<>();
    private final Map<String, Object> counts = new LinkedHashMap<>();

    /// @param jumped channels whose generations go on from a higher number
    void channels(int jumped, int rebuilt) {
        counts.put("channels_advanced", jumped);
        counts.put("channels_rebuilt", rebuilt);
    }

    void checked(int files) {
        counts.put("files_checked", files);
    }

    /// A package that is offered no more, since its bytes are gone.
    void failed(String repository, String suite, String filename, String why) {
        count("packages_failed");
        add(failed, Map.of("repository", repository, "suite", suite, "filename", filename, "why", why));
    }

    /// A file of Maven's clients whose bytes are gone.
    void missing(String repository, String path) {
        count("maven_files_missing");
        add(missing, Map.of("repository", repository, "path", path));
    }

    /// Bytes that the database knows nothing of: what was acknowledged after the time to which it was restored.
    ///
    /// @param filename of the package that it is; empty for anything else
    void unnamed(String sha256, long sizeBytes, String filename) {
        count("blobs_unnamed");
        if (!filename.isEmpty()) {
            count("packages_unnamed");
            add(unnamed, Map.of("sha256", sha256, "size_bytes", sizeBytes, "filename", filename));
        }
    }

    private void count(String what) {
        counts.merge(what, 1, (before, one) -> (int) before + (int) one);
    }

    private static void add(List<Map<String, Object>> list, Map<String, Object> row) {
        if (list.size() < MAX_LISTED) {
            list.add(row);
        }
    }

    Map<String, Object> json() {
        var json = new LinkedHashMap<String, Object>();
        for (String count : List.of("channels_advanced", "channels_rebuilt", "files_checked", "packages_failed",
            "maven_files_missing", "blobs_unnamed", "packages_unnamed")) {
            json.put(count, counts.getOrDefault(count, 0));
        }
        json.put("failed", failed);
        json.put("missing", missing);
        json.put("unnamed", unnamed);
        return json;
    }
}
