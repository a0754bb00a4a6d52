package cambium.server.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;

/// Walks a signed repomd as a client could: every index it names is there with its size and digest and states the
/// number of packages it has, all three know the same packages, and each can be fetched from this folder and is right.
final class RepodataChecker {
    private final RepositoryServer server;
    private final String folder;

    /// `folder`: below it is `repodata`, such as `/acme/shop/el/9/x86_64`.
    RepodataChecker(RepositoryServer server, String folder) {
        this.server = server;
        this.folder = folder;
    }

    /// The file names of the packages, in the order of the index.
    List<String> check() throws IOException, InterruptedException {
        return check(new String(fetched("repodata/repomd.xml"), StandardCharsets.UTF_8));
    }

    /// The same for a repomd that a client fetched some time ago.
    List<String> check(String repomd) throws IOException, InterruptedException {
        assertTrue(new String(fetched("repodata/repomd.xml.asc"), StandardCharsets.UTF_8)
            .startsWith("-----BEGIN PGP SIGNATURE-----"));
        assertTrue(new String(fetched("repodata/repomd.xml.key"), StandardCharsets.UTF_8)
            .startsWith("-----BEGIN PGP PUBLIC KEY BLOCK-----"));
        var indexes = new TreeMap<String, Element>();
        for (Element named : children(parsed(repomd.getBytes(StandardCharsets.UTF_8)), "data")) {
            indexes.put(named.getAttribute("type"), index(named));
        }
        assertEquals(List.of("filelists", "other", "primary"), List.copyOf(indexes.keySet()));
        List<String> ids = children(indexes.get("primary"), "package").stream()
            .map(one -> text(one, "checksum")).toList();
        for (String other : List.of("filelists", "other")) {
            assertEquals(ids, children(indexes.get(other), "package").stream()
                .map(one -> one.getAttribute("pkgid")).toList(), other);
        }
        return packages(indexes.get("primary"));
    }

    private Element index(Element named) throws IOException, InterruptedException {
        String location = only(named, "location").getAttribute("href");
        byte[] gz = fetched(location);
        assertEquals(text(named, "size"), Integer.toString(gz.length), location);
        assertEquals(text(named, "checksum"), ClosureChecker.sha256(gz), location);
        assertTrue(location.contains(text(named, "checksum")), "named by its digest: " + location);
        Element root = parsed(new GZIPInputStream(new ByteArrayInputStream(gz)).readAllBytes());
        assertEquals(root.getAttribute("packages"), Integer.toString(children(root, "package").size()), location);
        return root;
    }

    private List<String> packages(Element primary) throws IOException, InterruptedException {
        var files = new ArrayList<String>();
        for (Element one : children(primary, "package")) {
            String href = only(one, "location").getAttribute("href");
            assertFalse(href.startsWith("/") || href.contains(".."), href);
            byte[] rpm = fetched(href);
            assertEquals(only(one, "size").getAttribute("package"), Integer.toString(rpm.length), href);
            assertEquals(text(one, "checksum"), ClosureChecker.sha256(rpm), href);
            files.add(href);
        }
        return files;
    }

    /// Follows one redirect, as dnf does.
    private byte[] fetched(String path) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = server.bytes(folder + "/" + path);
        if (answer.statusCode() == 302) {
            answer = server.bytes(answer.headers().firstValue("Location").orElseThrow());
        }
        assertEquals(200, answer.statusCode(), folder + "/" + path);
        return answer.body();
    }

    static Element parsed(byte[] xml) throws IOException {
        try {
            var factory = DocumentBuilderFactory.newDefaultInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            return factory.newDocumentBuilder().parse(new ByteArrayInputStream(xml)).getDocumentElement();
        } catch (ParserConfigurationException | SAXException broken) {
            throw new IOException(broken);
        }
    }

    private static List<Element> children(Element of, String name) {
        var all = of.getChildNodes();
        return IntStream.range(0, all.getLength()).mapToObj(all::item)
            .filter(node -> node instanceof Element element && element.getTagName().equals(name))
            .map(Element.class::cast).toList();
    }

    private static Element only(Element of, String name) {
        List<Element> found = children(of, name);
        assertEquals(1, found.size(), name);
        return found.getFirst();
    }

    private static String text(Element of, String name) {
        return only(of, name).getTextContent();
    }
}
