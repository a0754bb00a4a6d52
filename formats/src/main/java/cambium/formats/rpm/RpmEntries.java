package cambium.formats.rpm;

import java.util.List;
import java.util.Locale;

/// One package's `<package>` elements for the three indexes, with the content that createrepo_c gives them.
///
/// Every entry is UTF-8, ends with a blank line and contains no other; equal arguments give equal bytes. What a
/// package says cannot leave its place: it is escaped, and location, digest and sizes come from the arguments only.
public final class RpmEntries {
    private static final int FRAME_BYTES = 4096;
    private static final int FILE_FRAME_BYTES = 40;
    private static final int DEPENDENCY_FRAME_BYTES = 96;

    private RpmEntries() {}

    /// The entry of `primary.xml`.
    ///
    /// @param href of the package file, relative to the folder that holds `repodata`
    /// @param sha256 of the package file, in lower-case hexadecimal
    /// @param fileTime when the file came to be, in seconds since 1970
    public static byte[] primary(RpmPackage rpm, String href, String sha256, long fileTime) {
        checkDigest(sha256);
        if (!href.matches("[!-~]{1,1000}") || href.startsWith("/") || href.contains("..")) {
            throw new IllegalArgumentException("not a path for a location: " + href);
        }
        RpmTexts texts = rpm.texts();
        var xml = new XmlText().raw("<package type=\"rpm\">\n").element("  ", "name", rpm.name())
                .element("  ", "arch", architecture(rpm));
        version(xml, rpm.evr());
        xml.raw("  <checksum type=\"sha256\" pkgid=\"YES\">" + sha256 + "</checksum>\n")
                .element("  ", "summary", texts.summary()).element("  ", "description", texts.description())
                .element("  ", "packager", texts.packager()).element("  ", "url", texts.url())
                .raw("  <time file=\"" + fileTime + "\" build=\"" + rpm.buildTime() + "\"/>\n")
                .raw("  <size package=\"" + rpm.sizes().file() + "\" installed=\"" + rpm.sizes().installed()
                        + "\" archive=\"" + rpm.sizes().archive() + "\"/>\n")
                .raw("  <location").attribute("href", href).raw("/>\n  <format>\n");
        format(xml, rpm);
        return xml.raw("  </format>\n</package>\n\n").toBytes();
    }

    /// The entry of `filelists.xml`.
    public static byte[] filelists(RpmPackage rpm, String sha256) {
        var xml = identity(rpm, sha256);
        rpm.files().forEach(file -> file(xml, "  ", file));
        return xml.raw("</package>\n\n").toBytes();
    }

    /// The entry of `other.xml`: the changelog, oldest first. Times are made to differ, as yum needs them to.
    public static byte[] other(RpmPackage rpm, String sha256) {
        var xml = identity(rpm, sha256);
        long last = 0;
        for (RpmChange change : rpm.changes().reversed()) {
            last = Math.max(change.time(), last + 1);
            xml.raw("  <changelog").attribute("author", change.author().stripTrailing())
                    .attribute("date", Long.toString(last)).raw(">").content(change.text()).raw("</changelog>\n");
        }
        return xml.raw("</package>\n\n").toBytes();
    }

    /// No entry of this package is larger, in bytes.
    static long mostBytes(RpmPackage rpm) {
        RpmTexts texts = rpm.texts();
        long bytes = FRAME_BYTES + XmlText.mostBytes(String.join("", texts.summary(), texts.description(),
                texts.license(), texts.vendor(), texts.packager(), texts.url(), texts.group(), texts.buildHost(),
                texts.sourceRpm()));
        for (RpmFile file : rpm.files()) {
            bytes += FILE_FRAME_BYTES + XmlText.mostBytes(file.folder()) + XmlText.mostBytes(file.base());
        }
        for (List<RpmDependency> some : rpm.relations().values()) {
            for (RpmDependency one : some) {
                bytes += DEPENDENCY_FRAME_BYTES + XmlText.mostBytes(one.name()) + XmlText.mostBytes(one.version());
            }
        }
        for (RpmChange change : rpm.changes()) {
            bytes += FRAME_BYTES + XmlText.mostBytes(change.author()) + XmlText.mostBytes(change.text());
        }
        return bytes;
    }

    private static XmlText identity(RpmPackage rpm, String sha256) {
        checkDigest(sha256);
        var xml = new XmlText().raw("<package pkgid=\"" + sha256 + "\"").attribute("name", rpm.name())
                .attribute("arch", architecture(rpm)).raw(">\n");
        version(xml, rpm.evr());
        return xml;
    }

    /// Repodata knows one kind of source package only.
    private static String architecture(RpmPackage rpm) {
        return rpm.source() ? "src" : rpm.architecture();
    }

    private static void version(XmlText xml, Evr evr) {
        xml.raw("  <version epoch=\"" + evr.epoch().orElse(0) + "\"").attribute("ver", evr.version())
                .attribute("rel", evr.release()).raw("/>\n");
    }

    private static void format(XmlText xml, RpmPackage rpm) {
        RpmTexts texts = rpm.texts();
        xml.element("    ", "rpm:license", texts.license()).element("    ", "rpm:vendor", texts.vendor())
                .element("    ", "rpm:group", texts.group()).element("    ", "rpm:buildhost", texts.buildHost())
                .element("    ", "rpm:sourcerpm", texts.sourceRpm())
                .raw("    <rpm:header-range start=\"" + rpm.headerRange().start() + "\" end=\""
                        + rpm.headerRange().end() + "\"/>\n");
        for (RpmRelation relation : RpmRelation.values()) {
            List<RpmDependency> shown = relation == RpmRelation.REQUIRES ? ShownRequires.of(rpm)
                    : rpm.relations().get(relation);
            if (!shown.isEmpty()) {
                String element = "rpm:" + relation.name().toLowerCase(Locale.ROOT);
                xml.raw("    <" + element + ">\n");
                shown.forEach(dependency -> dependency(xml, dependency, relation));
                xml.raw("    </" + element + ">\n");
            }
        }
        for (RpmFile file : rpm.files()) {
            if (ShownRequires.isPrimary(file.path())) {
                file(xml, "    ", file);
            }
        }
    }

    private static void dependency(XmlText xml, RpmDependency dependency, RpmRelation relation) {
        xml.raw("      <rpm:entry").attribute("name", dependency.name());
        dependency.comparison().ifPresent(flags -> {
            xml.attribute("flags", flags);
            DependencyEvr evr = DependencyEvr.of(dependency.version());
            if (!dependency.version().isEmpty()) {
                xml.attribute("epoch", evr.epoch()).attribute("ver", evr.version());
                if (!evr.release().isEmpty()) {
                    xml.attribute("rel", evr.release());
                }
            }
        });
        if (relation == RpmRelation.REQUIRES && dependency.pre()) {
            xml.raw(" pre=\"1\"");
        }
        xml.raw("/>\n");
    }

    private static void file(XmlText xml, String indent, RpmFile file) {
        String type = switch (file.kind()) {
            case FILE -> "";
            case FOLDER -> " type=\"dir\"";
            case GHOST -> " type=\"ghost\"";
        };
        xml.raw(indent + "<file" + type + ">").content(file.path()).raw("</file>\n");
    }

    private static void checkDigest(String sha256) {
        if (!sha256.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("not a SHA-256 in lower-case hexadecimal: " + sha256);
        }
    }
}
