package cambium.formats.rpm;

/// The version of a dependency in three parts, as createrepo_c splits it; the text comes from a package and may be
/// anything.
///
/// @param epoch `0` when none is stated
/// @param release empty when none is stated
record DependencyEvr(String epoch, String version, String release) {

    static DependencyEvr of(String text) {
        int colon = text.indexOf(':');
        String rest = text.substring(colon + 1);
        int hyphen = rest.indexOf('-');
        String epoch = colon <= 0 ? "0" : text.substring(0, colon);
        return new DependencyEvr(epoch, hyphen < 0 ? rest : rest.substring(0, hyphen),
                hyphen < 0 ? "" : rest.substring(hyphen + 1));
    }

    /// Whether rpm could compare it: the epoch, where one is stated, is a number.
    static boolean readable(String text) {
        return of(text).epoch().matches("[0-9]{1,10}");
    }
}
