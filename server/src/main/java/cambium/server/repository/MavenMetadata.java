package cambium.server.repository;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/// The `maven-metadata.xml` that lists the versions of a name, made of what is stored. See Maven's repository metadata
/// model, 1.1.0. Paths have no letter that XML would take amiss.
final class MavenMetadata {
    private static final DateTimeFormatter TIME =
        DateTimeFormatter.ofPattern("yyyyMMddHHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private MavenMetadata() {}

    /// `versions`: at least one, the oldest first.
    static byte[] xml(String ofName, List<String> versions, Instant lastUpdated) {
        int slash = ofName.lastIndexOf('/');
        var xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<metadata>\n");
        line(xml, "  ", "groupId", ofName.substring(0, Math.max(slash, 0)).replace('/', '.'));
        line(xml, "  ", "artifactId", ofName.substring(slash + 1));
        xml.append("  <versioning>\n");
        line(xml, "    ", "latest", versions.getLast());
        versions.stream().filter(version -> !version.endsWith("-SNAPSHOT")).reduce((_, later) -> later)
            .ifPresent(version -> line(xml, "    ", "release", version));
        xml.append("    <versions>\n");
        versions.forEach(version -> line(xml, "      ", "version", version));
        xml.append("    </versions>\n");
        line(xml, "    ", "lastUpdated", TIME.format(lastUpdated));
        return xml.append("  </versioning>\n</metadata>\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void line(StringBuilder xml, String indent, String name, String value) {
        xml.append(indent).append('<').append(name).append('>').append(value).append("</").append(name).append(">\n");
    }
}
