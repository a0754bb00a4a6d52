package cambium.formats.rpm;

import static cambium.formats.testing.Parsing.parsed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.formats.testing.RpmPacking;
import cambium.formats.testing.Shell;
import cambium.formats.testing.TestRpm;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/// Our entries beside those of createrepo_c, field by field, for packages of rpmbuild and of our test builder.
class CreaterepoTest {

    @Test
    void writesWhatCreaterepoWrites(@TempDir Path folder) throws Exception {
        List<Path> built = RpmSpecs.build(folder);
        assertEquals(19, built.size(), built.toString());
        Path out = folder.resolve("out");
        for (TestRpm recipe : recipes()) {
            Files.write(out.resolve(recipe.fileName()), recipe.build());
        }
        List<Path> files;
        try (Stream<Path> walk = Files.walk(out)) {
            files = walk.filter(path -> path.toString().endsWith(".rpm")).sorted().toList();
        }
        Shell.run(folder, "rpmkeys --checksig --nosignature $(find out -name '*.rpm')");
        Shell.run(folder, "createrepo_c -q --no-database out");
        for (RpmIndex index : RpmIndex.values()) {
            var theirs = packages(theirs(out, index));
            var ours = packages(ours(out, files, index));
            assertEquals(files.size(), theirs.size());
            theirs.forEach((sha256, text) -> assertEquals(text, ours.get(sha256), index.toString()));
        }
    }

    private static List<TestRpm> recipes() {
        var recipes = new ArrayList<TestRpm>();
        for (RpmPacking packing : RpmPacking.values()) {
            recipes.add(TestRpm.of("made-" + packing.name().toLowerCase(), "1", "1", "noarch").packed(packing)
                    .program("/usr/bin/made", "#!/bin/sh\n").folder("/usr/share/made").ghost("/var/made"));
        }
        recipes.add(TestRpm.of("text", "1", "1", "noarch")
                .summary("tab\tbed d\u0085e \u2028f")
                .description("\n\n\n one\r\ntwo \r three\n\n\n\n \n")
                .requires("odd\"name <= 1-2-3").requires("a >= x:1").requires("a >= :1")
                .change(5, "Someone  ", "a\n\n\nb\n\n").change(5, "Else\n\tx", "")
                .change(4, "", "x"));
        recipes.add(TestRpm.of("latin", "1", "1", "noarch").header(header -> header
                .put(1004, 6, 1, 1, new byte[] {'c', 'a', 'f', (byte) 0xe9, 0})));
        // Today's createrepo_c does not look for the archive's size where rpm 6 states it.
        recipes.add(TestRpm.of("six", "1", "1", "x86_64").header(header -> header.without(5113)).formatSix()
                .file("/usr/bin/six", "six").requires("bash >= 5").change(5, "Someone - 1", "- first"));
        recipes.add(TestRpm.of("source", "1", "1", "src").file("x.spec", "x").requires("make >= 4"));
        return recipes;
    }

    private static byte[] theirs(Path out, RpmIndex index) throws Exception {
        try (Stream<Path> list = Files.list(out.resolve("repodata"))) {
            Path file = list.filter(path -> path.toString().endsWith("-" + index.type() + ".xml.gz")).findFirst()
                    .orElseThrow();
            return new GZIPInputStream(Files.newInputStream(file)).readAllBytes();
        }
    }

    private static byte[] ours(Path out, List<Path> files, RpmIndex index) throws Exception {
        var xml = new ByteArrayOutputStream();
        xml.writeBytes(index.head(files.size()));
        for (Path file : files) {
            byte[] bytes = Files.readAllBytes(file);
            RpmPackage rpm = parsed(RpmReader.read(new ByteArrayInputStream(bytes)));
            String sha256 = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
            assertEquals(bytes.length, rpm.sizes().file());
            assertTrue(rpm.proof().strong(), file.toString());
            // The payload was walked to its end.
            assertTrue(rpm.proof().digests().contains("expanded payload SHA-256"), file.toString());
            byte[] entry = switch (index) {
                case PRIMARY -> RpmEntries.primary(rpm, out.relativize(file).toString(), sha256,
                        Files.getLastModifiedTime(file).toMillis() / 1000);
                case FILELISTS -> RpmEntries.filelists(rpm, sha256);
                case OTHER -> RpmEntries.other(rpm, sha256);
            };
            assertOneEntry(entry);
            xml.writeBytes(entry);
        }
        xml.writeBytes(index.tail());
        return xml.toByteArray();
    }

    private static void assertOneEntry(byte[] entry) {
        String text = new String(entry, StandardCharsets.UTF_8);
        assertTrue(text.startsWith("<package ") && text.indexOf("\n\n") == text.length() - 2, text);
    }

    /// One text for each package, by which two indexes are compared: elements, attributes, contents, in order.
    private static TreeMap<String, String> packages(byte[] xml) throws Exception {
        var factory = DocumentBuilderFactory.newNSInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        Element root;
        try (InputStream in = new ByteArrayInputStream(xml)) {
            root = factory.newDocumentBuilder().parse(in).getDocumentElement();
        }
        var packages = new TreeMap<String, String>();
        for (Node child = root.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child instanceof Element element) {
                var text = new StringBuilder();
                describe(element, "", text);
                packages.put(element.getElementsByTagName("checksum").getLength() > 0
                        ? element.getElementsByTagName("checksum").item(0).getTextContent()
                        : element.getAttribute("pkgid"), text.toString());
            }
        }
        assertEquals(Integer.toString(packages.size()), root.getAttribute("packages"));
        return packages;
    }

    private static void describe(Element element, String indent, StringBuilder text) {
        text.append(indent).append(element.getNamespaceURI()).append(' ').append(element.getLocalName());
        for (int i = 0; i < element.getAttributes().getLength(); i++) {
            text.append(' ').append(element.getAttributes().item(i));
        }
        boolean leaf = true;
        for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
            leaf &= !(child instanceof Element);
        }
        text.append(leaf ? " '" + element.getTextContent() + "'\n" : "\n");
        for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child instanceof Element inner) {
                describe(inner, indent + "  ", text);
            }
        }
    }
}
