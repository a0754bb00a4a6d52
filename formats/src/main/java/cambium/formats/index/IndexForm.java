package cambium.formats.index;

/// The three forms in which an index is served. apt prefers xz, then gz; the raw form must be listed for either.
public enum IndexForm {
    RAW(""),
    GZ(".gz"),
    XZ(".xz");

    private final String suffix;

    IndexForm(String suffix) {
        this.suffix = suffix;
    }

    /// What stands behind `Packages` in the name of a file of this form.
    public String suffix() {
        return suffix;
    }
}
