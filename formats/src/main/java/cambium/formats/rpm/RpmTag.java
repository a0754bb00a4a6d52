package cambium.formats.rpm;

/// The tags that are read, by the names and numbers of rpm's `rpmtag.h`. The tags of a signature header that rpm
/// numbers below 1000 stand beside those that share their numbers with the main header.
final class RpmTag {
    static final int REGION_IMAGE = 61;
    static final int REGION_SIGNATURES = 62;
    static final int REGION_IMMUTABLE = 63;
    static final int FIRST_ORDINARY = 100;

    static final int LOCALES = 100;
    static final int NAME = 1000;
    static final int VERSION = 1001;
    static final int RELEASE = 1002;
    static final int EPOCH = 1003;
    static final int SUMMARY = 1004;
    static final int DESCRIPTION = 1005;
    static final int BUILD_TIME = 1006;
    static final int BUILD_HOST = 1007;
    static final int SIZE = 1009;
    static final int VENDOR = 1011;
    static final int LICENSE = 1014;
    static final int PACKAGER = 1015;
    static final int GROUP = 1016;
    static final int URL = 1020;
    static final int ARCHITECTURE = 1022;
    static final int OLD_FILE_NAMES = 1027;
    static final int FILE_SIZES = 1028;
    static final int FILE_MODES = 1030;
    static final int FILE_FLAGS = 1037;
    static final int SOURCE_RPM = 1044;
    static final int ARCHIVE_SIZE = 1046;
    static final int NO_SOURCE = 1051;
    static final int NO_PATCH = 1052;
    static final int CHANGE_TIMES = 1080;
    static final int CHANGE_NAMES = 1081;
    static final int CHANGE_TEXTS = 1082;
    static final int SOURCE_PACKAGE = 1106;
    static final int DIR_INDEXES = 1116;
    static final int BASE_NAMES = 1117;
    static final int DIR_NAMES = 1118;
    static final int PAYLOAD_FORMAT = 1124;
    static final int PAYLOAD_COMPRESSOR = 1125;
    static final int LONG_FILE_SIZES = 5008;
    static final int LONG_SIZE = 5009;
    static final int ENCODING = 5062;
    static final int PAYLOAD_DIGEST = 5092;
    static final int PAYLOAD_DIGEST_ALGORITHM = 5093;
    static final int PAYLOAD_DIGEST_EXPANDED = 5097;
    static final int PAYLOAD_SIZE = 5112;
    static final int PAYLOAD_SIZE_EXPANDED = 5113;
    static final int FORMAT = 5114;
    static final int PAYLOAD_SHA512 = 5121;
    static final int PAYLOAD_SHA512_EXPANDED = 5122;
    static final int PAYLOAD_SHA3 = 5123;
    static final int PAYLOAD_SHA3_EXPANDED = 5124;

    static final int SIGNATURE_DSA = 267;
    static final int SIGNATURE_RSA = 268;
    static final int SIGNATURE_SHA1 = 269;
    static final int SIGNATURE_LONG_SIZE = 270;
    static final int SIGNATURE_LONG_ARCHIVE_SIZE = 271;
    static final int SIGNATURE_SHA256 = 273;
    static final int SIGNATURE_OPENPGP = 278;
    static final int SIGNATURE_SHA3 = 279;
    static final int SIGNATURE_LAST_OF_RPM_6 = 999;
    static final int SIGNATURE_SIZE = 1000;
    static final int SIGNATURE_PGP = 1002;
    static final int SIGNATURE_MD5 = 1004;
    static final int SIGNATURE_GPG = 1005;
    static final int SIGNATURE_ARCHIVE_SIZE = 1007;

    private RpmTag() {}
}
