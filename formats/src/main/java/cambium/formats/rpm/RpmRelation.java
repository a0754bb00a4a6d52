package cambium.formats.rpm;

/// How a package stands to others, in the order in which repodata lists them.
public enum RpmRelation {
    PROVIDES(1047, 1113, 1112),
    REQUIRES(1049, 1050, 1048),
    CONFLICTS(1054, 1055, 1053),
    OBSOLETES(1090, 1115, 1114),
    SUGGESTS(5049, 5050, 5051),
    ENHANCES(5055, 5056, 5057),
    RECOMMENDS(5046, 5047, 5048),
    SUPPLEMENTS(5052, 5053, 5054);

    final int nameTag;
    final int versionTag;
    final int flagsTag;

    RpmRelation(int nameTag, int versionTag, int flagsTag) {
        this.nameTag = nameTag;
        this.versionTag = versionTag;
        this.flagsTag = flagsTag;
    }
}
