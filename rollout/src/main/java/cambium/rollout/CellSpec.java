package cambium.rollout;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// A cell as declared: what it is, which driver carries steps to it, where it is observed and measured.
public record CellSpec(CellId cell, Kind kind, String driver, Optional<String> health, Optional<String> metrics,
        SortedMap<String, String> settings) {
    private static final Pattern DRIVER = Pattern.compile("[a-z0-9][a-z0-9_-]{0,39}");
    private static final Pattern SETTING = Pattern.compile("[a-z][a-z0-9-]{0,39}");
    /// The driver of cells that follow their ring's channel by themselves and report what they run.
    public static final String PULL = "pull";
    static final int MAX_SETTINGS = 64;

    /// The primary's canary and main stages count as cells; exactly one main graduates versions.
    public enum Kind { CANARY, MAIN, QA, SECONDARY }

    /// Whether the cell brings itself to the version and reports it; it needs no health address.
    public boolean pulls() {
        return driver.equals(PULL);
    }

    public CellSpec {
        Grammar.match(DRIVER, "driver name", driver);
        settings.keySet().forEach(key -> Grammar.match(SETTING, "setting name", key));
        Grammar.range("number of settings", settings.size(), 0, MAX_SETTINGS);
        settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
    }
}
