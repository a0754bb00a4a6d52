package cambium.formats.deb;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The licences that a package states for programs to read: the field `License`, which several builders of packages
/// write, or the short names in a machine-readable copyright file (Debian's copyright-format 1.0).
final class StatedLicenses {
    private static final int MAX_LICENSES = 50;
    private static final int MAX_CHARACTERS = 200;

    private StatedLicenses() {}

    static List<String> of(ControlParagraph control, Optional<String> copyright) {
        Set<String> stated = new LinkedHashSet<>();
        control.get("License").ifPresent(text -> add(stated, text));
        if (stated.isEmpty() && copyright.isPresent() && copyright.get().startsWith("Format:")) {
            copyright.get().lines().filter(line -> line.startsWith("License:"))
                    .forEach(line -> add(stated, line.substring("License:".length())));
        }
        return List.copyOf(stated);
    }

    private static void add(Set<String> stated, String text) {
        String name = text.strip();
        boolean plain = !name.isEmpty() && name.length() <= MAX_CHARACTERS
                && name.chars().noneMatch(Character::isISOControl);
        if (plain && stated.size() < MAX_LICENSES) {
            stated.add(name);
        }
    }
}
