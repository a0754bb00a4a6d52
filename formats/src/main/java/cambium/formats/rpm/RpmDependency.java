package cambium.formats.rpm;

import java.util.Optional;

/// One thing that a package provides, requires and so on: a name, a file's path or a rich expression in parentheses,
/// and a version or nothing.
///
/// @param flags rpm's bits: 2 less, 4 greater, 8 equal; when and for what it is needed above them
/// @param version `[epoch:]version[-release]` as the package states it, empty when any will do
public record RpmDependency(String name, int flags, String version) {
    private static final int LESS = 2;
    private static final int GREATER = 4;
    private static final int EQUAL = 8;
    private static final int PREREQUISITE = 1 << 6;
    private static final int BEFORE_INSTALLING = 1 << 9;
    private static final int AFTER_INSTALLING = 1 << 10;

    /// `LT`, `GT`, `EQ`, `LE` or `GE`; empty when no version is compared.
    public Optional<String> comparison() {
        return switch (flags & (LESS | GREATER | EQUAL)) {
            case LESS -> Optional.of("LT");
            case GREATER -> Optional.of("GT");
            case EQUAL -> Optional.of("EQ");
            case LESS | EQUAL -> Optional.of("LE");
            case GREATER | EQUAL -> Optional.of("GE");
            default -> Optional.empty();
        };
    }

    /// Whether it must be there before the package's own scripts run.
    public boolean pre() {
        return (flags & (PREREQUISITE | BEFORE_INSTALLING | AFTER_INSTALLING)) != 0;
    }

    /// As people write it, e.g. `libfoo >= 1:2.0-3`.
    @Override
    public String toString() {
        String sign = comparison().map(word -> switch (word) {
            case "LT" -> " < ";
            case "GT" -> " > ";
            case "EQ" -> " = ";
            case "LE" -> " <= ";
            default -> " >= ";
        }).orElse("");
        return sign.isEmpty() || version.isEmpty() ? name : name + sign + version;
    }
}
