package cambium.formats.deb;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// The file `conffiles` of a control archive: one absolute path a line, perhaps after a flag. See deb-conffiles(5).
final class Conffiles {
    private static final int MAX_PATHS = 10_000;

    private Conffiles() {}

    /// Lines that name no absolute path are left to dpkg to complain about.
    static List<String> paths(byte[] file) {
        return new String(file, StandardCharsets.UTF_8).lines().map(String::strip)
                .map(line -> line.startsWith("remove-on-upgrade ") ? line.substring(18).strip() : line)
                .filter(line -> line.startsWith("/") && line.chars().noneMatch(Character::isISOControl))
                .distinct().limit(MAX_PATHS).toList();
    }
}
