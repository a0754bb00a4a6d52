package cambium.formats;

/// The small file in which a package may declare what the product version that it belongs to does to data:
/// `/usr/share/cambium/migrations/<package>.json`. Here its text is only carried along, as the fact [#FACT].
public final class MigrationsFile {
    public static final String FACT = "Declared migrations";
    public static final int MAX_BYTES = 64 * 1024;

    private MigrationsFile() {}

    /// Below the root, without a slash in front.
    public static String path(String packageName) {
        return "usr/share/cambium/migrations/" + packageName + ".json";
    }

    /// What stands for a text that is there and could not be read: no JSON, so that nobody takes it for an answer.
    public static String unread(String why) {
        return "not read: " + why;
    }
}
